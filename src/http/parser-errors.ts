import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { fromClientError, renderError } from './errors.ts';
import type { ServerParts } from './server-parts.ts';
import { STATUS_CODES } from './status-phrases.ts';

/** What Node's parser refuses: answered as the request that is still arriving, or on the bare socket where there is none yet. */
export function answerParserError(error: NodeJS.ErrnoException, socket: Socket, { log, metrics }: ServerParts): void {
  const response = (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage;
  if (error.code === 'ECONNRESET' || !socket.writable || response?.headersSent) {
    socket.destroy();
    return;
  }
  if (response?.req.complete) {
    // The fault is in what follows a request that is being carried out: a 400 here would say that it changed nothing.
    response.shouldKeepAlive = false;
    return;
  }
  const failure = fromClientError(error);
  const { status, headers, body } = renderError(failure, response?.req.headers.accept);
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  metrics.failures.inc({ code: failure.code });
  if (response) {
    response.writeHead(status, all).end(body);
    return;
  }
  const requestId = randomUUID();
  metrics.requests.inc({ route: 'unread', status });
  log.info({ requestId, route: 'unread', status, code: failure.code }, 'request');
  socket.end(toRawAnswer(status, { ...all, 'x-request-id': requestId }, body));
}

function toRawAnswer(status: number, headers: Record<string, string>, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`;
}
