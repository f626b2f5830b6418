import autocannon from 'autocannon';
import { serveParent } from '../processes/parent.ts';
import { type Call, PATHS, requestsOf } from './calls.ts';

export interface Drive {
  url: string;
  token: string;
  call: Call;
  connections: number;
  seconds: number;
  /** Requests a second over all connections; without it each connection sends as soon as it is answered. */
  rate?: number;
  /** Never sleeps while it waits: on one machine, waking a sleeping process costs the server that answers it more than the answer does. */
  isPolling?: boolean;
}

export interface Driven {
  count: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/** Sends the load, from a process of its own. Any answer but 2xx, and any error, is a failed run and not a figure. */
serveParent({}, drive, () => {});

async function drive({ url, token, call, connections, seconds, rate, isPolling = false }: Drive): Promise<Driven> {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  let lastAt = startedAt;
  let isRunning = isPolling;
  const poll = (): void => void (isRunning && setImmediate(poll));
  poll();
  const run = autocannon({
    url: `${url}${PATHS[call.kind]}`,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-auth-token': token },
    connections,
    duration: seconds,
    sampleInt: 50,
    ...(rate !== undefined && { overallRate: rate }),
    setupClient: (client) => client.setRequests(requestsOf(call, connections)),
  });
  void run.on('response', (_client: unknown, _status: number, _bytes: number, latencyMs: number) => {
    latenciesMs.push(latencyMs);
    lastAt = performance.now();
  });
  const { errors, timeouts, non2xx, statusCodeStats } = await run;
  isRunning = false;
  if (errors + timeouts + non2xx > 0 || latenciesMs.length === 0) {
    throw new Error(`${call.kind}: ${errors} errors, ${timeouts} timeouts, ${non2xx} not 2xx: ${JSON.stringify(statusCodeStats)}`);
  }
  const sorted = latenciesMs.toSorted((a, b) => a - b);
  const quantile = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number;
  return { count: sorted.length, perSecond: (sorted.length / (lastAt - startedAt)) * 1000, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}
