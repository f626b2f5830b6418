import { connect, type Socket } from 'node:net';
import { setInterval } from 'node:timers';

export interface RawAnswer {
  status: number;
  /** Every header as it came, in order. */
  rawHeaders: [name: string, value: string][];
  headers: Headers;
  text: string;
}

/** What goes over the wire: bytes at once, then whatever `after` does with the socket (half-close it, drip, hang up). */
export interface RawRequest {
  bytes: string | Uint8Array;
  after?: (socket: Socket) => void;
}

/** Sends bytes that no HTTP client would send and reads one answer; undefined where the server closes without one. */
export async function exchange(url: string, { bytes, after }: RawRequest): Promise<RawAnswer | undefined> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer | undefined>();
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const received: Buffer[] = [];
  socket.once('connect', () => {
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    after?.(socket);
  });
  socket.on('data', (chunk) => {
    received.push(chunk);
    const answer = readAnswer(Buffer.concat(received));
    if (answer !== undefined) resolve(answer);
  });
  socket.once('end', () => resolve(undefined));
  socket.once('close', () => resolve(undefined));
  socket.on('error', reject);
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

/** Ends our side and goes on listening: the request is over, however much of it was promised. */
export function halfClose(socket: Socket): void {
  socket.end();
}

/** Goes on sending this, never stopping and never done. */
export function drip(text: string, everyMs: number): (socket: Socket) => void {
  return (socket) => {
    const timer = setInterval(() => socket.write(text), everyMs);
    socket.once('close', () => clearInterval(timer));
    socket.once('end', () => clearInterval(timer));
  };
}

function readAnswer(bytes: Buffer): RawAnswer | undefined {
  const headersEnd = bytes.indexOf('\r\n\r\n');
  if (headersEnd < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, headersEnd).toString('latin1').split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  if (status < 200) return readAnswer(bytes.subarray(headersEnd + 4));
  const rawHeaders = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const headers = new Headers(rawHeaders);
  const length = Number(headers.get('content-length'));
  const body = bytes.subarray(headersEnd + 4);
  return body.length < length ? undefined : { status, rawHeaders, headers, text: body.subarray(0, length).toString('utf8') };
}
