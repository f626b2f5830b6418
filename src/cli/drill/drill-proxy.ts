import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorError } from '../../domain/errors.ts';
import type { SandboxFaultKind } from '../../domain/sandbox-fault.ts';
import type { Attempt } from './trial.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const CALLS = /^\/provisioning\/client\/(provision|deactivate|reactivate)\/?$/;
/** Of one connection, and not to be passed on. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'expect', 'accept-encoding']);

export interface DrillProxy {
  url: string;
  /** Every call of the contract that came, in order. */
  attempts: Attempt[];
  /** What an arrival of a request is to meet. */
  onEvery: (request: string) => SandboxFaultKind | undefined;
  close(): Promise<void>;
}

/** Between a caller and a sandbox: asks for the faults, and writes down what the caller does about them. */
export async function startDrillProxy(target: URL, port: number): Promise<DrillProxy> {
  const run = randomUUID();
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readBody(incoming);
    const path = incoming.url ?? '/';
    const headers = Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.has(name)) as [string, string][];
    const attempt = CALLS.test(path) ? begin(path, body) : undefined;
    const fault = attempt && proxy.onEvery(attempt.request);
    if (fault !== undefined) headers.push(['x-sandbox-fault', `${fault}; run=${run}`]);
    const answer = await fetch(new URL(path, target), {
      method: incoming.method ?? 'POST',
      headers,
      redirect: 'manual',
      ...(body.length > 0 && { body }),
    }).catch(() => undefined);
    if (attempt !== undefined) end(attempt, answer);
    if (answer === undefined) return void outgoing.destroy();
    const answered = [...answer.headers].filter(([name]) => !HOP_BY_HOP.has(name) && name !== 'content-encoding');
    outgoing.writeHead(answer.status, Object.fromEntries(answered)).end(Buffer.from(await answer.arrayBuffer()));
  }

  function begin(path: string, body: Buffer): Attempt {
    const request = `${path.replace(/\/$/, '')} ${subjectOf(body)}`;
    const attempt: Attempt = {
      atMs: performance.now(),
      endedAtMs: 0,
      status: undefined,
      retryAfterSeconds: undefined,
      request,
      body: body.toString('utf8'),
    };
    proxy.attempts.push(attempt);
    return attempt;
  }

  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw cannotListen(port, error);
  });
  const proxy: DrillProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    attempts: [],
    onEvery: () => undefined,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return proxy;
}

function end(attempt: Attempt, answer: Response | undefined): void {
  attempt.endedAtMs = performance.now();
  attempt.status = answer?.status;
  const seconds = Number(answer?.headers.get('retry-after') ?? Number.NaN);
  attempt.retryAfterSeconds = Number.isFinite(seconds) ? seconds : undefined;
}

/** The caller's own id of a client, or ours. */
function subjectOf(body: Buffer): string {
  try {
    const { client, clientId } = JSON.parse(body.toString('utf8')) as { client?: { externalId?: unknown }; clientId?: unknown };
    return JSON.stringify(client?.externalId ?? clientId ?? null);
  } catch {
    return 'unreadable';
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) throw new Error('too long');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function cannotListen(port: number, error: NodeJS.ErrnoException): OperatorError {
  return new OperatorError(`The drill cannot listen on 127.0.0.1:${port} (${error.code}). Give another --port.`);
}
