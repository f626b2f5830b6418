import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openRawPool } from '../raw-pool.ts';
import { readOptions, serveParent } from './parent.ts';

export interface BareHttpOptions {
  answer: string;
  /** Of a PostgreSQL in which each client that is asked for is looked up before the answer. */
  databaseUrl?: string;
}

type LookUp = (body: { clientId: number }) => Promise<void>;

/** The yardstick of calls that only read: `node:http` that reads the body, parses it, and answers the same bytes. */
const { answer, databaseUrl } = readOptions<BareHttpOptions>();
const lookUp = databaseUrl === undefined ? undefined : await prepareLookUp(databaseUrl);
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(answer) };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (lookUp === undefined) send(response);
    else
      void lookUp(body)
        .then(() => send(response))
        .catch(() => response.writeHead(500).end());
  });
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  serveParent({ url: `http://127.0.0.1:${port}` }, cpuMsUsed, () => server.closeAllConnections());
});

function send(response: ServerResponse): void {
  response.writeHead(200, headers);
  response.end(answer);
}

/** One statement for each request, whatever else is asked for at the same time. */
async function prepareLookUp(url: string): Promise<LookUp> {
  const { pool, tenantId } = await openRawPool(url);
  return async ({ clientId }) => {
    const { rows } = await pool.query<{ found: object | null }>('select find_client($1, $2) as found', [tenantId, clientId]);
    if (!rows[0]?.found) throw new Error(`client ${clientId} is not there`);
  };
}

function cpuMsUsed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
