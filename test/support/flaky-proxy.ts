import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/**
 * What the proxy does with a request: passes it on; passes it on and loses the answer, cuts it off in its middle, or never lets it through;
 * never passes it on, tears the connection down before it has, passes it on late or twice; or answers itself.
 */
export type Fate = 'pass' | 'lose' | 'cut' | 'half-open' | 'hang' | 'reset' | 'late' | 'twice' | OwnAnswer;

export interface OwnAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

export interface FlakyProxy {
  url: string;
  /** What was asked, in order: `POST /client/get`. */
  asked: string[];
  headers: IncomingMessage['headers'][];
  /** What becomes of the next requests; then all pass. */
  fates: Fate[];
  /** What becomes of every other request. */
  draw: () => Fate;
  /** What the proxy answers itself to whatever is asked about this client, by its clientId or, in a provision, its externalId. */
  answers: Map<number, OwnAnswer>;
  /** How much of the server's answers went through. */
  passedBytes: number;
  /** Breaks every connection that there is. */
  cut(): void;
}

/** How much later what is late arrives, whether or not anybody still waits for it. */
const LATE_MS = 800;

/** An HTTP proxy before a server, with the faults that a client has to live with. `cut` breaks an answer off in its middle. */
export async function startFlakyProxy(t: TestContext, target: () => string): Promise<FlakyProxy> {
  const server = createServer((incoming, outgoing) => {
    proxy.asked.push(`${incoming.method} ${incoming.url}`);
    proxy.headers.push(incoming.headers);
    if (proxy.answers.size > 0) return void answerOrPass(incoming, outgoing);
    const fate = proxy.fates.shift() ?? proxy.draw();
    if (fate === 'hang') return;
    if (fate === 'reset') return void incoming.socket.resetAndDestroy();
    if (fate === 'late' || fate === 'twice') return void forwardWhole(incoming, outgoing, fate);
    if (typeof fate === 'object') {
      incoming.resume();
      outgoing.writeHead(fate.status, fate.headers).end(fate.body);
    } else forward(target(), incoming, outgoing, fate, (bytes) => (proxy.passedBytes += bytes.length));
  });
  async function answerOrPass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const { clientId, client } = JSON.parse(body.toString()) as { clientId?: number; client?: { externalId: number } };
    const own = proxy.answers.get(clientId ?? client?.externalId ?? 0);
    if (own !== undefined) outgoing.writeHead(own.status, own.headers).end(own.body);
    else forward(target(), incoming, outgoing, 'pass', () => {}, body);
  }

  async function forwardWhole(incoming: IncomingMessage, outgoing: ServerResponse, fate: 'late' | 'twice'): Promise<void> {
    const body = Buffer.concat(await incoming.toArray().catch(() => []));
    const pass = (): void => forward(target(), incoming, outgoing, 'pass', () => {}, body);
    if (fate === 'late') return void setTimeout(pass, LATE_MS);
    pass();
    forward(target(), incoming, undefined, 'pass', () => {}, body);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FlakyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    headers: [],
    fates: [],
    draw: () => 'pass',
    answers: new Map(),
    passedBytes: 0,
    cut: () => server.closeAllConnections(),
  };
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return proxy;
}

function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse | undefined,
  fate: 'pass' | 'lose' | 'cut' | 'half-open',
  onPassed: (bytes: Buffer) => void,
  body?: Buffer,
): void {
  const { method = 'GET', headers, url = '/' } = incoming;
  const sent = request(new URL(url, target), { method, headers, agent: false }, (answer) => {
    if (outgoing === undefined || fate === 'half-open') return void answer.resume();
    if (fate === 'lose') {
      answer.resume().once('end', () => outgoing.destroy());
      return;
    }
    if (outgoing.destroyed) return void answer.resume();
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    if (fate === 'cut') answer.once('data', (bytes: Buffer) => outgoing.write(bytes.subarray(0, 10), () => outgoing.destroy()));
    else answer.on('data', onPassed).pipe(outgoing);
    answer.once('error', () => outgoing.destroy());
  });
  sent.once('error', () => outgoing?.destroy());
  if (body === undefined) {
    outgoing?.once('close', () => sent.destroy());
    incoming.pipe(sent);
  } else sent.end(body);
}
