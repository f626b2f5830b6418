import type { Answer } from './operation.ts';
import { AccessNumbers } from './resources/access-numbers.ts';
import { Audit } from './resources/audit.ts';
import { Bridges } from './resources/bridges.ts';
import { Clients } from './resources/clients.ts';
import { Companies } from './resources/companies.ts';
import { Conferences } from './resources/conferences.ts';
import { Events } from './resources/events.ts';
import { Operations } from './resources/operations.ts';
import { Tenants } from './resources/tenants.ts';
import { Tokens } from './resources/tokens.ts';
import { Webhooks } from './resources/webhooks.ts';
import { type Call, type CallOptions, Sender } from './sender.ts';

export interface ParleyOptions {
  /** Where the server is: `https://parley.example.com`, with a path where a proxy has it under one. */
  url: string | URL;
  /** `parley_...`. It is in no error, and in nothing that is printed. */
  token: string;
  /** For each attempt of a call: 30 seconds. */
  timeoutMs?: number | undefined;
  /** How often at most a call is repeated that is safe to repeat: 3 times. */
  retries?: number | undefined;
  /** Another `fetch`, for a proxy or a certificate of your own. */
  fetch?: typeof globalThis.fetch | undefined;
}

export interface RequestOptions extends CallOptions {
  query?: Readonly<Record<string, string | number | boolean | Date | readonly string[] | undefined>> | undefined;
  body?: unknown;
  headers?: Readonly<Record<string, string | undefined>> | undefined;
  /** Makes a call safe to repeat where the path takes it. */
  idempotencyKey?: string | undefined;
}

export type Statistics = Answer<'readStatistics'>;
export type TokenIdentity = Answer<'readToken'>;

/**
 * A Parley server, as one token sees it.
 *
 *     const parley = new Parley({ url: 'https://parley.example.com', token });
 *     const { clientId } = await parley.clients.provision(record);
 */
export class Parley {
  readonly url: string;
  readonly clients: Clients;
  readonly companies: Companies;
  readonly events: Events;
  readonly audit: Audit;
  readonly webhooks: Webhooks;
  readonly conferences: Conferences;
  readonly operations: Operations;
  readonly bridges: Bridges;
  readonly accessNumbers: AccessNumbers;
  readonly tokens: Tokens;
  readonly tenants: Tenants;
  readonly #sender: Sender;

  /** @throws {TypeError} The url or the token cannot be one. */
  constructor({ url, token, timeoutMs = 30_000, retries = 3, fetch = (input, init) => globalThis.fetch(input, init) }: ParleyOptions) {
    const parsed = new URL(url);
    if (!/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password || parsed.search || parsed.hash)
      throw new TypeError('The url must begin with https:// or http://, and have no user, query or fragment.');
    // A header that cannot be sent is told with its value by some runtimes.
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
      throw new TypeError('The token must be printable ASCII without spaces.');
    this.url = parsed.href;
    this.#sender = new Sender({ url: parsed, token, timeoutMs, retries, fetch });
    this.clients = new Clients(this.#sender);
    this.companies = new Companies(this.#sender);
    this.events = new Events(this.#sender);
    this.audit = new Audit(this.#sender);
    this.webhooks = new Webhooks(this.#sender);
    this.conferences = new Conferences(this.#sender);
    this.operations = new Operations(this.#sender);
    this.bridges = new Bridges(this.#sender);
    this.accessNumbers = new AccessNumbers(this.#sender);
    this.tokens = new Tokens(this.#sender);
    this.tenants = new Tenants(this.#sender);
  }

  /** What the token is: its tenant and its scopes. */
  async identify(options?: CallOptions): Promise<TokenIdentity> {
    return this.request('GET', '/v1/token', options);
  }

  /** How many records there are, and how full the pool of pass codes is. */
  async statistics(options?: CallOptions): Promise<Statistics> {
    return this.request('GET', '/v1/statistics', options);
  }

  /**
   * A path of the server that has no method here yet. GET, and whatever has an `idempotencyKey`, is repeated where that is safe; nothing else is.
   * The type of the answer is your claim.
   */
  async request<T>(
    method: Call['method'],
    path: string,
    { query, body, headers, idempotencyKey, ...options }: RequestOptions = {},
  ): Promise<T> {
    const sent = { ...headers, 'idempotency-key': idempotencyKey };
    const isRepeatable = method === 'GET' || idempotencyKey !== undefined;
    return (await this.#sender.send<T>({ method, path, query: query ?? {}, body, headers: sent, isRepeatable }, options)).body;
  }
}
