import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { isObject, parseJson } from '../../domain/json-gate.ts';
import type { JanusSessions } from '../../domain/janus.ts';
import { type Candidate, type Description, MediaError } from '../media.ts';

const CONNECT_MS = 3_000;
const CALL_MS = 5_000;
/** Janus ends a session that says nothing for a minute. */
const KEEP_ALIVE_MS = 20_000;
const MAX_FRAME_BYTES = 1024 * 1024;

export interface PluginAnswer {
  data: Record<string, unknown>;
  jsep: Description | undefined;
}

interface Waiting {
  /** The answer of a plugin follows the one that says that it was asked. */
  isForPlugin: boolean;
  resolve: (answer: Record<string, unknown>) => void;
  reject: (error: Error) => void;
}

/** Of AudioBridge and VideoRoom: somebody of this id is in the room. */
const TAKEN: ReadonlySet<number> = new Set([490, 436]);

/**
 * One session of Janus' own API over a WebSocket of its own (https://janus.conf.meetecho.com/docs/rest.html#WS): with the connection Janus ends the session
 * and all that is in it, so that whoever dies here leaves nobody in a room.
 */
export class JanusSession {
  readonly #socket: WebSocket;
  readonly #apiSecret: JanusSessions['apiSecret'];
  readonly #onLost: () => void;
  readonly #waiting = new Map<string, Waiting>();
  readonly #handles = new Map<number, (answer: PluginAnswer) => void>();
  #sessionId: unknown;
  #keepAlive: NodeJS.Timeout | undefined;
  #isClosed = false;

  private constructor({ url, apiSecret }: JanusSessions, onLost: () => void) {
    this.#apiSecret = apiSecret;
    this.#onLost = onLost;
    this.#socket = new WebSocket(url, 'janus-protocol', {
      handshakeTimeout: CONNECT_MS,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.#socket.on('message', (frame) => this.#read(frame as Buffer));
    this.#socket.on('error', () => this.#end());
    this.#socket.on('close', () => this.#end());
  }

  /** `onLost`: the connection or the session has ended, by whatever but close(). */
  static async open(settings: JanusSessions, onLost: () => void): Promise<JanusSession> {
    const session = new JanusSession(settings, onLost);
    await new Promise<void>((resolve, reject) => {
      session.#socket.once('open', resolve);
      session.#socket.once('close', () => reject(new MediaError('Janus cannot be reached')));
    });
    session.#sessionId = (await session.#ask({ janus: 'create' })).id;
    session.#keepAlive = setInterval(() => void session.#ask({ janus: 'keepalive' }).catch(() => session.#end()), KEEP_ALIVE_MS);
    return session;
  }

  async attach(plugin: string, onEvent: (answer: PluginAnswer) => void): Promise<number> {
    const handle = Number((await this.#ask({ janus: 'attach', plugin })).id);
    this.#handles.set(handle, onEvent);
    return handle;
  }

  /** What the plugin answers to this request; rejects where that is an error. */
  async request(handle: number, body: object, jsep?: Description): Promise<PluginAnswer> {
    const answer = readPlugin(await this.#ask({ janus: 'message', handle_id: handle, body, ...(jsep !== undefined && { jsep }) }));
    const { error_code: code } = answer.data;
    if (code !== undefined) throw new MediaError(`Janus refuses (${Number(code)})`, { isTaken: TAKEN.has(Number(code)) });
    return answer;
  }

  trickle(handle: number, candidate: Candidate): void {
    void this.#ask({ janus: 'trickle', handle_id: handle, candidate: candidate ?? { completed: true } }).catch(() => {});
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.close();
    this.#end();
  }

  #ask(message: { janus: string } & Record<string, unknown>): Promise<Record<string, unknown>> {
    const transaction = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, unknown>>();
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.reject(new MediaError('the connection to Janus is closed'));
    const timer = setTimeout(() => this.#settle(transaction)?.reject(new MediaError('Janus did not answer in time')), CALL_MS);
    const settled = (use: () => void): void => {
      clearTimeout(timer);
      use();
    };
    this.#waiting.set(transaction, {
      isForPlugin: message.janus === 'message',
      resolve: (answer) => settled(() => resolve(answer)),
      reject: (error) => settled(() => reject(error)),
    });
    const secret = this.#apiSecret && { apisecret: this.#apiSecret.reveal() };
    const session = this.#sessionId === undefined ? {} : { session_id: this.#sessionId };
    this.#socket.send(JSON.stringify({ ...message, ...session, ...secret, transaction }));
    return promise;
  }

  #settle(transaction: unknown): Waiting | undefined {
    const waiting = this.#waiting.get(String(transaction));
    this.#waiting.delete(String(transaction));
    return waiting;
  }

  #read(frame: Buffer): void {
    const message = parseQuietly(frame);
    if (message === undefined) return;
    const { janus: kind, transaction } = message;
    switch (kind) {
      case 'ack':
        if (this.#waiting.get(String(transaction))?.isForPlugin === false) this.#settle(transaction)?.resolve({});
        return;
      case 'success':
        this.#settle(transaction)?.resolve(isObject(message.plugindata) ? message : (message.data as Record<string, unknown>));
        return;
      case 'error':
        this.#settle(transaction)?.reject(new MediaError(`Janus fails (${Number((message.error as { code?: unknown })?.code)})`));
        return;
      case 'event': {
        const waiting = transaction === undefined ? undefined : this.#settle(transaction);
        if (waiting === undefined) this.#handles.get(Number(message.sender))?.(readPlugin(message));
        else waiting.resolve(message);
        return;
      }
      case 'timeout':
        this.#end();
        return;
      default:
    }
  }

  #end(): void {
    clearInterval(this.#keepAlive);
    for (const transaction of this.#waiting.keys()) this.#settle(transaction)?.reject(new MediaError('the connection to Janus was lost'));
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.terminate();
    this.#onLost();
  }
}

function parseQuietly(frame: Buffer): Record<string, unknown> | undefined {
  try {
    const message = parseJson(frame);
    return isObject(message) ? message : undefined;
  } catch {
    return undefined;
  }
}

function readPlugin({ plugindata, jsep }: Record<string, unknown>): PluginAnswer {
  const data = isObject(plugindata) ? (plugindata as { data?: unknown }).data : undefined;
  return { data: isObject(data) ? data : {}, jsep: jsep as Description | undefined };
}
