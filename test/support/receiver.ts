import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export interface Received {
  id: string;
  event: { id: string; type: string; clientId: number | null; data: Record<string, unknown> } & Record<string, unknown>;
  headers: IncomingHttpHeaders;
  body: string;
  path: string;
}

/** What becomes of a request: a status with a body, or a way of not answering. */
export type Fate = { status: number; body?: string | Buffer; headers?: Record<string, string> } | 'hang' | 'reset';

export interface Receiver {
  url: string;
  /** What came, whatever became of it, in order. */
  received: Received[];
  /** Those that were answered with 2xx. */
  accepted: Received[];
  /** How many at once, at most. */
  mostAtOnce: number;
  /** Decides on each; 204 where it is not set. */
  decide: (received: Received) => Fate | Promise<Fate>;
  /** Goes away: connections are refused from now on. */
  close(): Promise<void>;
}

/** Somebody who wants events sent. `port` is for one that comes back where it was. */
export async function startReceiver(t: TestContext, port = 0): Promise<Receiver> {
  let atOnce = 0;
  const server = createServer((request, response) => {
    atOnce++;
    receiver.mostAtOnce = Math.max(receiver.mostAtOnce, atOnce);
    response.once('close', () => atOnce--);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void take(Buffer.concat(chunks).toString('utf8'), request.headers, request.url as string, response));
  });

  async function take(body: string, headers: IncomingHttpHeaders, path: string, response: ServerResponse): Promise<void> {
    const received: Received = { id: headers['webhook-id'] as string, event: JSON.parse(body), headers, body, path };
    receiver.received.push(received);
    const fate = await receiver.decide(received);
    if (fate === 'hang') return;
    if (fate === 'reset') return void response.socket?.resetAndDestroy();
    if (fate.status >= 200 && fate.status < 300) receiver.accepted.push(received);
    response.writeHead(fate.status, fate.headers).end(fate.body);
  }

  const receiver: Receiver = {
    url: '',
    received: [],
    accepted: [],
    mostAtOnce: 0,
    decide: () => ({ status: 204 }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  t.after(() => receiver.close());
  return receiver;
}
