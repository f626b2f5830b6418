import { type Asked, readJson, toApiError } from './answer.ts';
import { ParleyError } from './errors.ts';
import { pause, pauseMs } from './pause.ts';
import { Watch } from './watch.ts';

/** What every call takes. */
export interface CallOptions {
  /** Ends the call with the signal's reason. Whether it took effect is then unknown. */
  signal?: AbortSignal | undefined;
  /** For each attempt, the answer's body included. */
  timeoutMs?: number | undefined;
  /** How often at most it is repeated. 0: never. */
  retries?: number | undefined;
  /** Your own id for the server's log and events: 1 to 128 letters, digits and `._:-`. One is drawn otherwise. */
  requestId?: string | undefined;
}

export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  /** In place of a body: each is sent as a line of its own. */
  lines?: readonly unknown[];
  headers?: Readonly<Record<string, string | undefined>>;
  /** Whether a repeat after a lost answer does nothing more and is answered alike. Only then is there one. */
  isRepeatable: boolean;
}

export interface SenderOptions {
  url: URL;
  token: string;
  fetch: typeof globalThis.fetch;
  timeoutMs: number;
  retries: number;
}

/** What mends by itself within seconds. A 500 is a fault, and the next answer is hardly another. */
const MENDS_SOON: ReadonlySet<number | undefined> = new Set([undefined, 408, 429, 502, 503, 504]);
const LONGEST_PAUSE_MS = 8_000;
/** Who is asked to stay away for longer has better things to do than to wait here. */
const LONGEST_RETRY_AFTER_SECONDS = 60;

/** The one place that talks to the server: ids, time limits, and when to repeat. */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  async send<T>(call: Call, options: CallOptions = {}): Promise<{ body: T; headers: Headers }> {
    const { retries = this.#options.retries, signal } = options;
    const asked = { requestId: options.requestId ?? drawId(), isRepeatable: call.isRepeatable };
    const request = this.#toRequest(call, asked);
    for (let failures = 0; ; failures++) {
      try {
        return await this.#attempt<T>(request, asked, options);
      } catch (error) {
        if (!(error instanceof ParleyError) || failures >= retries || !isWorthRepeating(error)) throw error;
        await pause(pauseMs(failures, error.retryAfterSeconds, LONGEST_PAUSE_MS), signal);
      }
    }
  }

  /** The answer without its body, for who reads that piece by piece under the same watch. */
  async open(call: Call, asked: Asked, watch: Watch): Promise<Response> {
    const { url, init } = this.#toRequest(call, asked);
    const response = await watch.over(this.#fetch(url, init, watch));
    if (response.status !== 200) throw toApiError(response, await watch.over(response.text()), asked);
    return response;
  }

  async #attempt<T>({ url, init }: Request, asked: Asked, { signal, timeoutMs }: CallOptions): Promise<{ body: T; headers: Headers }> {
    const watch = new Watch(timeoutMs ?? this.#options.timeoutMs, signal);
    try {
      return await watch.over(
        (async () => {
          const response = await this.#fetch(url, init, watch);
          const text = await response.text();
          if (!response.ok) throw toApiError(response, text, asked);
          return { body: response.status === 204 ? (undefined as T) : readJson<T>(response, text, asked), headers: response.headers };
        })(),
      );
    } catch (error) {
      throw watch.explain(error, asked);
    } finally {
      watch.end();
    }
  }

  #fetch(url: string, init: RequestInit, { signal }: Watch): Promise<Response> {
    // Whoever follows a redirect shows the token to where it leads.
    return this.#options.fetch(url, { ...init, signal, redirect: 'manual' });
  }

  #toRequest({ method, path, query = {}, body, lines, headers = {} }: Call, { requestId }: Asked): Request {
    const url = new URL(this.#options.url);
    url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, toText(value));
    }
    const sent = new Headers({ accept: 'application/problem+json, application/json', 'x-auth-token': this.#options.token });
    sent.set('x-request-id', requestId);
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) sent.set(name, value);
    }
    if (lines !== undefined) {
      sent.set('content-type', 'application/x-ndjson');
      return { url: url.href, init: { method, headers: sent, body: lines.map((line) => JSON.stringify(line)).join('\n') } };
    }
    if (body === undefined) return { url: url.href, init: { method, headers: sent } };
    sent.set('content-type', 'application/json');
    return { url: url.href, init: { method, headers: sent, body: JSON.stringify(body) } };
  }
}

interface Request {
  url: string;
  init: RequestInit;
}

function isWorthRepeating({ isRetryable, status, retryAfterSeconds = 0 }: ParleyError): boolean {
  return isRetryable && MENDS_SOON.has(status) && retryAfterSeconds <= LONGEST_RETRY_AFTER_SECONDS;
}

function toText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : Array.isArray(value) ? value.join(',') : String(value);
}

/** `crypto.randomUUID` is missing on pages that came over plain HTTP. */
export function drawId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
