import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll } from 'cockatiel';
import type { Agent, Dispatcher } from 'undici';
import type { ProvisionRequest } from '../../domain/client.ts';
import { isObject, parseJson } from '../../domain/json-gate.ts';
import { onFirstUse } from '../../domain/on-first-use.ts';
import type { ClientId } from '../../domain/ids.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Creates } from '../../domain/vendor.ts';
import { nonsense, readClient, readProvisioned, readSignOn, readSuccess } from './answers.ts';
import { type Vendor, type VendorClient, VendorError, type VendorStatus } from './vendor.ts';

const undici = onFirstUse<typeof import('undici')>('undici');
const CONNECT_MS = 3_000;
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_CONNECTIONS = 32;
const FAILURES_TO_OPEN = 10;
const HALF_OPEN_AFTER_MS = 5_000;

/** Of the system and of undici: what says that not a byte of the request can have arrived. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
/** Of TLS: the other side is not who it should be. Nothing was sent. */
const NOT_TRUSTED = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_)/;

export interface ContractVendorOptions {
  url: URL;
  token: Secret;
  creates: Creates;
  callMs: number;
  settleMs: number;
  onCall: (call: string, outcome: string) => void;
}

/** As it came. `bytes` is undefined where there were too many. */
interface RawAnswer {
  status: number;
  headers: Answer['headers'];
  bytes: Buffer | undefined;
}

interface Answer {
  json: unknown;
  headers: Record<string, string | string[] | undefined>;
}

/** A vendor that speaks the contract, over HTTP. One that is away is left alone for a while. */
export class ContractVendor implements Vendor {
  readonly creates: Creates;
  readonly callMs: number;
  readonly settleMs: number;
  readonly #options: ContractVendorOptions;
  #agent: Agent | undefined;
  readonly #breaker;

  constructor(options: ContractVendorOptions) {
    this.#options = options;
    ({ creates: this.creates, callMs: this.callMs, settleMs: this.settleMs } = options);
    this.#breaker = circuitBreaker(handleAll, {
      halfOpenAfter: HALF_OPEN_AFTER_MS,
      breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    });
  }

  #openAgent(): Agent {
    const { callMs } = this.#options;
    return (this.#agent ??= new (undici().Agent)({
      connect: { timeout: CONNECT_MS, rejectUnauthorized: true },
      headersTimeout: callMs,
      bodyTimeout: callMs,
      maxResponseSize: MAX_ANSWER_BYTES,
      maxHeaderSize: 16 * 1024,
      connections: MAX_CONNECTIONS,
      pipelining: 1,
    }));
  }

  /** Calls are refused here at once, because so many before them failed. */
  get isOpen(): boolean {
    return this.#breaker.state === CircuitState.Open;
  }

  async provision({ company, client, contact, password, terms }: ProvisionRequest): Promise<VendorClient> {
    const body = { company, client: { ...client, password: password?.reveal() ?? '' }, contact };
    const headers = terms.sourceVersion === undefined ? {} : { 'x-source-version': String(terms.sourceVersion) };
    return readProvisioned((await this.#call('provision', '/provisioning/client/provision', body, headers)).json);
  }

  async deactivate(clientId: ClientId): Promise<void> {
    readSuccess((await this.#call('deactivate', '/provisioning/client/deactivate', { clientId })).json);
  }

  async reactivate(clientId: ClientId): Promise<void> {
    readSuccess((await this.#call('reactivate', '/provisioning/client/reactivate', { clientId })).json);
  }

  async get(clientId: ClientId): Promise<VendorStatus> {
    const { json, headers } = await this.#call('get', '/client/get', { clientId });
    const status = headers['x-client-status'];
    return readClient(json, clientId, typeof status === 'string' ? status : undefined);
  }

  async signOn(clientId: ClientId): Promise<string> {
    return readSignOn((await this.#call('signon', '/client/signon', { clientId })).json);
  }

  async close(): Promise<void> {
    await this.#agent?.destroy();
  }

  async #call(call: string, path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
    try {
      const answer = await this.#breaker.execute(() => this.#send(path, body, headers));
      const read = readAnswer(answer);
      this.#options.onCall(call, 'success');
      return read;
    } catch (error) {
      const failure = explain(error);
      this.#options.onCall(call, failure.failure);
      throw failure;
    }
  }

  /** Throws what speaks of the vendor as a whole, and opens the breaker; what else it answers is about one client, and is the caller's to read. */
  async #send(path: string, body: object, headers: Record<string, string>): Promise<RawAnswer> {
    const { url, token, callMs } = this.#options;
    const {
      statusCode,
      headers: answered,
      body: stream,
    } = await this.#openAgent().request({
      origin: url.origin,
      path: `${url.pathname.replace(/\/$/, '')}${path}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'x-auth-token': token.reveal(), ...headers },
      body: JSON.stringify(body),
      // The whole call, whatever trickles in meanwhile.
      signal: AbortSignal.timeout(callMs),
    });
    const answer = { status: statusCode, headers: answered, bytes: await readAll(stream) };
    if (SPEAKS_OF_ALL(statusCode)) throw readFailure(answer);
    return answer;
  }
}

/** The token is not taken, there are too many requests, or the vendor failed. */
const SPEAKS_OF_ALL = (status: number): boolean => status === 401 || status === 408 || status === 429 || status >= 500;

function readAnswer(answer: RawAnswer): Answer {
  const { status, headers, bytes } = answer;
  if (status !== 200) throw readFailure(answer);
  if (bytes === undefined) throw nonsense(`longer than ${MAX_ANSWER_BYTES} bytes`);
  return { json: parse(bytes), headers };
}

/** Undefined where it is too long. */
async function readAll(stream: Dispatcher.ResponseData['body']): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += (chunk as Buffer).length;
      if (size > MAX_ANSWER_BYTES) return undefined;
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    // undici's own count of what it has read.
    if ((error as { code?: string }).code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return undefined;
    throw error;
  }
  return Buffer.concat(chunks);
}

function parse(bytes: Buffer): unknown {
  try {
    return parseJson(bytes);
  } catch (error) {
    throw nonsense(/^\s*</.test(bytes.toString('latin1', 0, 100)) ? 'a page of HTML or XML' : 'no JSON', error);
  }
}

/** By the contract's own rule: a 4xx other than 408 and 429 changed nothing, a 5xx may have. */
function readFailure({ status, headers, bytes = Buffer.alloc(0) }: RawAnswer): VendorError {
  const more = { retryAfterMs: readRetryAfter(headers['retry-after']) };
  if (status === 429) return new VendorError('not-sent', 'the vendor takes no more requests for now', more);
  if (status === 401 || status === 403) return new VendorError('misconfigured', `the vendor does not accept the token (${status})`, more);
  if (status >= 300 && status < 400)
    return new VendorError('misconfigured', `the vendor redirects (${status}), which is not followed`, more);
  if (status === 404 || status === 405 || status === 415) {
    const { code } = readCode(bytes);
    const message = code === 'CLIENT_NOT_FOUND' ? 'the vendor does not know this client' : `the vendor has no such call (${status})`;
    return new VendorError('misconfigured', message, { ...more, code });
  }
  if (status >= 400 && status < 500 && status !== 408)
    return new VendorError('refused', `the vendor refuses (${status})`, { ...more, ...readCode(bytes) });
  if (status < 300) return nonsense(`the status ${status}`);
  return new VendorError('unknown', `the vendor failed (${status})`, more);
}

/** A vendor's words are not passed on: its code where it is one of ours, and the names of the fields. */
function readCode(bytes: Buffer): { code: string | undefined; fields: Record<string, string> } {
  let answer: unknown;
  try {
    answer = parseJson(bytes);
  } catch {
    return { code: undefined, fields: {} };
  }
  const { code, data } = isObject(answer) ? answer : {};
  const names = isObject(data) ? Object.keys(data).filter((name) => /^(company|client|contact)(\.[A-Za-z]{1,30})?$/.test(name)) : [];
  return {
    code: typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code) ? code : undefined,
    fields: Object.fromEntries(names.slice(0, 20).map((name) => [name, 'is refused by the platform'])),
  };
}

function readRetryAfter(header: string | string[] | undefined): number | undefined {
  const seconds = typeof header === 'string' && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
  return seconds === undefined ? undefined : seconds * 1_000;
}

function explain(error: unknown): VendorError {
  if (error instanceof VendorError) return error;
  if (error instanceof BrokenCircuitError) return new VendorError('away', 'the vendor is away', { retryAfterMs: HALF_OPEN_AFTER_MS });
  const { code = '', name } = error as { code?: string; name?: string };
  if (NEVER_CONNECTED.has(code)) return new VendorError('not-sent', `the vendor cannot be reached (${code})`, { cause: error });
  if (NOT_TRUSTED.test(code))
    return new VendorError('misconfigured', `the vendor's certificate is not trusted (${code})`, { cause: error });
  if (name === 'TimeoutError') return new VendorError('unknown', 'the vendor did not answer in time', { cause: error });
  return new VendorError('unknown', `the connection to the vendor broke (${code || name || 'error'})`, { cause: error });
}
