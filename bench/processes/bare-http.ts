import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readOptions, serveParent } from './parent.ts';

export interface BareHttpOptions {
  answer: string;
}

/** The yardstick of calls that only read: `node:http` that reads the body, parses it, and answers the same bytes. */
const { answer } = readOptions<BareHttpOptions>();
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(answer) };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(200, headers);
    response.end(answer);
  });
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  serveParent({ url: `http://127.0.0.1:${port}` }, cpuMsUsed, () => server.closeAllConnections());
});

function cpuMsUsed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
