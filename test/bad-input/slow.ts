import { drip } from '../support/raw-http.ts';
import { type BadInput, body, type Expected, HOST, MARKER, POST_LINE, TOKEN } from './bad-input.ts';

const TIMEOUT: Expected = {
  status: 408,
  code: 'REQUEST_TIMEOUT',
  message: 'The request did not arrive in time: headers have 10 seconds, the whole has 20.',
  headers: { connection: 'close' },
};

export interface SlowInput extends BadInput {
  leastMs: number;
  mostMs: number;
}

const HEADERS = { leastMs: 9_900, mostMs: 18_000, isUnread: true, ...TIMEOUT } as const;
const BODY = { leastMs: 19_900, mostMs: 30_000, ...TIMEOUT } as const;
const never = (): void => {};

export const SLOW_INPUTS: readonly SlowInput[] = [
  { name: 'C29: a connection that says nothing', send: { opening: '', after: never }, ...HEADERS },
  { name: 'C29: headers that stop', send: { opening: `${POST_LINE}\r\n${HOST}\r\n`, after: never }, ...HEADERS },
  { name: 'C29: headers that drip', send: { opening: `${POST_LINE}\r\n${HOST}\r\nX-A: `, after: drip(MARKER, 400) }, ...HEADERS },
  {
    name: 'C29: a body that stops one byte early',
    send: { lines: [POST_LINE, HOST, TOKEN, `Content-Length: ${body().length + 1}`], payload: body(), after: never },
    ...BODY,
  },
  {
    name: 'C29: a body that drips',
    send: { lines: [POST_LINE, HOST, TOKEN, 'Content-Length: 5000'], payload: body(), after: drip(' ', 400) },
    ...BODY,
  },
  {
    name: 'C29: chunks that drip',
    send: { lines: [POST_LINE, HOST, TOKEN, 'Transfer-Encoding: chunked'], after: drip('1\r\n{\r\n', 400) },
    ...BODY,
  },
];
