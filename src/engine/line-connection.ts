import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { engineUnavailable } from '../domain/errors.ts';

export interface LineMessage {
  /** By name in lower case. A line without a colon is none. */
  headers: ReadonlyMap<string, string>;
  /** What comes after the headers, where they say that something does. */
  body: string;
}

export interface LineEndpoint {
  host: string;
  port: number;
  isTls?: boolean;
}

/** The whole conversation: it is short. */
const CONVERSATION_MS = 5_000;
const MOST_BYTES = 1024 * 1024;
const BLANK_LINE = /\r?\n\r?\n/;

/**
 * A connection on which both sides send messages of header lines and a blank line, as Asterisk's manager interface and FreeSWITCH's event socket do. Anything
 * that goes wrong throws ENGINE_UNAVAILABLE.
 */
export class LineConnection {
  readonly #socket: Socket;
  readonly #deadline: NodeJS.Timeout;
  #received = Buffer.alloc(0);
  #failure: Error | undefined;
  #wake: () => void = () => {};

  private constructor({ host, port, isTls = false }: LineEndpoint) {
    // A server is named to itself by a name alone; its certificate is verified for an address too.
    this.#socket = isTls ? connectTls({ host, port, servername: isIP(host) === 0 ? host : '' }) : connectPlain({ host, port });
    const fail = (reason: string): void => {
      this.#failure ??= engineUnavailable(reason);
      this.#wake();
    };
    this.#deadline = setTimeout(() => fail('the engine did not answer (in time)'), CONVERSATION_MS);
    this.#socket
      .on('data', (chunk: Buffer) => {
        this.#received = Buffer.concat([this.#received, chunk]);
        if (this.#received.length > MOST_BYTES) fail('the engine answered more than can be right');
        this.#wake();
      })
      .on('error', (error: NodeJS.ErrnoException) => fail(`the engine did not answer (${error.code ?? error.name})`))
      .on('close', () => fail('the engine closed the connection'));
  }

  static async with<T>(endpoint: LineEndpoint, talk: (connection: LineConnection) => Promise<T>): Promise<T> {
    const connection = new LineConnection(endpoint);
    try {
      return await talk(connection);
    } finally {
      clearTimeout(connection.#deadline);
      connection.#socket.destroy();
    }
  }

  send(text: string): void {
    this.#socket.write(text);
  }

  /** The next message that is wanted; others are passed over. */
  async read(isWanted: (message: LineMessage) => boolean = () => true): Promise<LineMessage> {
    for (;;) {
      const message = this.#take();
      if (message !== undefined && isWanted(message)) return message;
      if (message !== undefined) continue;
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Undefined while it has not arrived as a whole. */
  #take(): LineMessage | undefined {
    const text = this.#received.toString('latin1');
    const blank = BLANK_LINE.exec(text);
    if (blank === null) return undefined;
    const headers = readHeaders(this.#received.subarray(0, blank.index).toString('utf8'));
    const from = blank.index + blank[0].length;
    const length = Number(/^\d{1,7}$/.exec(headers.get('content-length') ?? '')?.[0] ?? 0);
    if (this.#received.length < from + length) return undefined;
    const body = this.#received.subarray(from, from + length).toString('utf8');
    this.#received = this.#received.subarray(from + length);
    return { headers, body };
  }
}

/** Of a line without a colon, such as a greeting, nothing is kept. */
export function readHeaders(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^([^:]+):\s?(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name.trim().toLowerCase(), value ?? ''] as const];
  });
  return new Map(lines);
}
