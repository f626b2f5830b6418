import { ParleyApiError } from '../errors.ts';
import type { Answer, Body, BodyLine, Query } from '../operation.ts';
import { type Page, type PageOptions, readAll, readPage } from '../pages.ts';
import { type CallOptions, drawId, type Sender } from '../sender.ts';

/** What a provision sends: the company, the client and its contact, under your own ids. */
export type ProvisionRecord = Body<'provisionClient'>;
/** A client with all that is known of it but its secrets. */
export type Client = Answer<'findClient'>;
export type ClientStatus = Client['status'];
export type ClientIds = { clientId: number } | { externalId: number | string };
export type ProvisionPreview = Answer<'validateClient'>;
/** A record and the state that is wanted: of a state that is left out nothing is said. */
export type WantedClient = BodyLine<'compareClients'>;
/** What a provision and a change of state would do; `line` counts from 1. */
export type Comparison = Answer<'compareClients'>['items'][number];
export type RotatedPassCodes = Answer<'rotatePassCodes'>;
export type Invitation = Answer<'readInvitation'>;
export type SignOn = Answer<'signOn'>['data'];
export type ErasedClient = Answer<'eraseClient'>;

/** The contract's answer, and what the server says of it in headers. */
export type ProvisionedClient = Answer<'provisionClient'>['data'] & {
  /** What this call did. A repeat of it after a lost answer says `unchanged`. */
  outcome: 'created' | 'unchanged' | 'updated';
  /** The details that were updated, by path: `client.email`. */
  changed: string[];
  /** A provision never reactivates. */
  status: ClientStatus;
};

/** The contract's answer, and the status from its header. */
export type ClientSummary = Answer<'getClient'> & { status: ClientStatus };

export interface ProvisionOptions extends CallOptions {
  /** Your version of the record, a whole number: one that is older than the version on record overwrites nothing. */
  sourceVersion?: number | undefined;
  /**
   * Refuses with `CLIENT_EXISTS` where the client is there already. Such a call is never repeated by itself, because the repeat after a lost answer would be
   * refused for what the first had done.
   */
  onlyIfNew?: boolean | undefined;
}

export interface ClientFilter extends Omit<Query<'listClients'>, 'limit' | 'changedSince' | 'q'>, PageOptions {
  changedSince?: Date | string | undefined;
}

export interface SearchOptions extends Pick<Query<'listClients'>, 'status' | 'companyId' | 'limit'>, CallOptions {}

export interface TerminateOptions extends CallOptions {
  /** Why, for the audit. */
  reason?: string | undefined;
  /** A time to come, until when it can be taken back. Left out: now. */
  at?: Date | string | undefined;
}

export interface RotateOptions extends CallOptions {
  /** How long the old pair works as well. Left out: 60. */
  overlapMinutes?: number | undefined;
  /** Your own, to be able to repeat the call after this process has ended. One is drawn otherwise, for the repeats of this call. */
  idempotencyKey?: string | undefined;
}

export interface InvitationOptions extends CallOptions {
  /** Of the text. Left out: English. */
  language?: Query<'readInvitation'>['language'];
}

/** Every method may throw a `ParleyApiError` (the answer is a refusal), a `ParleyConnectionError` or `ParleyTimeoutError` (there is none), or the reason of its signal. */
export class Clients {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /**
   * Makes a client with its company, codes and hub, exactly once for each `client.externalId`, or updates its details. The lifecycle is never touched.
   *
   * A repeat has the same ids, password and codes, so it is repeated after a lost answer.
   * Refused with a field's code (`STATE_REQUIRED`, ...; `fields` has them all), or `CLIENT_COMPANY_MISMATCH`, `COMPANY_ENTERPRISE_MISMATCH`, `CLIENT_TERMINATED`.
   */
  async provision(
    record: ProvisionRecord,
    { sourceVersion, onlyIfNew = false, ...options }: ProvisionOptions = {},
  ): Promise<ProvisionedClient> {
    const path = '/provisioning/client/provision';
    const headers = { 'x-source-version': sourceVersion?.toString(), 'if-none-match': onlyIfNew ? '*' : undefined };
    const answer = await this.#sender.send<Answer<'provisionClient'>>(
      { method: 'POST', path, body: record, headers, isRepeatable: !onlyIfNew },
      options,
    );
    return {
      ...answer.body.data,
      outcome: answer.headers.get('x-provision-outcome') as ProvisionedClient['outcome'],
      changed: answer.headers.get('x-provision-changed')?.split(',') ?? [],
      status: answer.headers.get('x-client-status') as ClientStatus,
    };
  }

  /** What `provision` would do, by the same rules and with the same refusals. Writes nothing. */
  async validate(record: ProvisionRecord, { sourceVersion, onlyIfNew, ...options }: ProvisionOptions = {}): Promise<ProvisionPreview> {
    const headers = { 'x-source-version': sourceVersion?.toString(), 'if-none-match': onlyIfNew ? '*' : undefined };
    return this.#post('/v1/clients/validate', record, options, headers);
  }

  /**
   * What provisions and changes of state would do, for 1000 clients and 1 MiB at most in one call. Writes nothing. A line that is wrong or in conflict is an
   * item like any other.
   */
  async compare(lines: readonly WantedClient[], options?: CallOptions): Promise<Comparison[]> {
    const call = { method: 'POST', path: '/v1/clients/compare', lines, isRepeatable: true } as const;
    return (await this.#sender.send<Answer<'compareClients'>>(call, options)).body.items;
  }

  /**
   * From the next admission on its codes are refused; they, the ids and the hub stay reserved. A repeat is a success and changes nothing.
   * After a failure that `isRetryable`, repeat it until it succeeds before you send its opposite. Refused with `CLIENT_NOT_FOUND`.
   */
  async deactivate(clientId: number, options?: CallOptions): Promise<void> {
    await this.#post('/provisioning/client/deactivate', { clientId }, options);
  }

  /** The same codes open conferences again. A repeat is a success and changes nothing. Refused with `CLIENT_NOT_FOUND`, `CLIENT_TERMINATED`. */
  async reactivate(clientId: number, options?: CallOptions): Promise<void> {
    await this.#post('/provisioning/client/reactivate', { clientId }, options);
  }

  /** The contract's own look-up: the client's hub, and its status. Refused with `CLIENT_NOT_FOUND`. */
  async get(clientId: number, options?: CallOptions): Promise<ClientSummary> {
    const call = { method: 'POST', path: '/client/get', body: { clientId }, isRepeatable: true } as const;
    const { body, headers } = await this.#sender.send<Answer<'getClient'>>(call, options);
    return { ...body, status: headers.get('x-client-status') as ClientStatus };
  }

  /**
   * A link into the client's hub, for its host: good once, within 60 seconds, so redirect the browser to it at once. Each call makes another, and leaves those
   * before as they are. Refused with `CLIENT_NOT_FOUND`, `CLIENT_INACTIVE`, `CLIENT_TERMINATED`.
   */
  async signOn(clientId: number, options?: CallOptions): Promise<SignOn> {
    return (await this.#post<Answer<'signOn'>>('/client/signon', { clientId }, options)).data;
  }

  /**
   * What the client sends to guests: numbers, the participants' code and a text to send. The audit notes each call. Needs the scope `provision`.
   * Refused with `CLIENT_NOT_FOUND`, `CLIENT_INACTIVE`, `CLIENT_TERMINATED`.
   */
  async invitation(clientId: number, { language, ...options }: InvitationOptions = {}): Promise<Invitation> {
    const filter = { ...options, ...(language !== undefined && { language }) };
    return readPage(this.#sender, pathOf(clientId, '/invitation'), filter);
  }

  /** The whole record, by our id or by yours, or undefined where there is none. */
  async find(ids: ClientIds, options?: CallOptions): Promise<Client | undefined> {
    const path = 'clientId' in ids ? pathOf(ids.clientId) : `/v1/clients/external/${encodeURIComponent(ids.externalId)}`;
    return unlessMissing('CLIENT_NOT_FOUND', readPage<Client>(this.#sender, path, { ...options }));
  }

  /** All that match, page after page, in the order of their ids. Each that was there at the beginning comes exactly once. */
  list(filter: ClientFilter = {}): AsyncGenerator<Client, void, undefined> {
    return readAll(filter.after, (after) => this.page({ ...filter, after }));
  }

  /** One page; `next` is for `after`. */
  page(filter: ClientFilter = {}): Promise<Page<Client>> {
    return readPage(this.#sender, '/v1/clients', filter);
  }

  /**
   * The clients that match whatever somebody knows of them, the best match first: words of name, company, e-mail or hub in any order, or parts of them; an id, ours
   * or yours; a whole pass code, which the audit notes; the telephone number of somebody who was in the conference. 50 at most, unless `limit` says otherwise.
   */
  async search(q: string, { status, companyId, limit = 50, ...options }: SearchOptions = {}): Promise<Client[]> {
    const filter = { q, status, companyId, pageSize: limit, ...options };
    return (await readPage<Page<Client>>(this.#sender, '/v1/clients', filter)).items;
  }

  /**
   * Ends the client for good, now or at a time to come. Its codes open nothing any more, and its `externalId` is not used again.
   * A repeat is a success; another time or reason replaces the one before. Refused with `CLIENT_NOT_FOUND`, `CLIENT_TERMINATED`.
   */
  async terminate(clientId: number, { reason, at, ...options }: TerminateOptions = {}): Promise<Client> {
    const body = { ...(reason !== undefined && { reason }), ...(at !== undefined && { at: at instanceof Date ? at.toISOString() : at }) };
    return this.#post(pathOf(clientId, '/terminate'), body, options);
  }

  /** Takes back a termination that has not happened yet. Where there is none this is a success. Refused with `CLIENT_NOT_FOUND`. */
  async cancelTermination(clientId: number, options?: CallOptions): Promise<Client> {
    return this.#post(pathOf(clientId, '/cancel-termination'), undefined, options);
  }

  /** Forgets the person, for good; ends the client. A repeat is a success. Needs the scope `admin`. Refused with `CLIENT_NOT_FOUND`. */
  async erase(clientId: number, options?: CallOptions): Promise<ErasedClient> {
    return this.#post(pathOf(clientId, '/erase'), undefined, options);
  }

  /**
   * Another pair of pass codes for the same conference. Each call makes one; the repeats of a call after lost answers do not, because they carry one
   * `Idempotency-Key`. Refused with `CLIENT_NOT_FOUND`, `CLIENT_TERMINATED`, `IDEMPOTENCY_KEY_REUSED`.
   */
  async rotatePassCodes(
    clientId: number,
    { overlapMinutes, idempotencyKey = drawId(), ...options }: RotateOptions = {},
  ): Promise<RotatedPassCodes> {
    const body = { ...(overlapMinutes !== undefined && { overlapMinutes }) };
    return this.#post(pathOf(clientId, '/rotate-passcodes'), body, options, { 'idempotency-key': idempotencyKey });
  }

  /** Each of these may be repeated: it asks for a state, or only asks, or has a key. */
  async #post<T>(path: string, body: unknown, options?: CallOptions, headers?: Record<string, string | undefined>): Promise<T> {
    const call = { method: 'POST', path, body, ...(headers && { headers }), isRepeatable: true } as const;
    return (await this.#sender.send<T>(call, options)).body;
  }
}

function pathOf(clientId: number, action = ''): string {
  return `/v1/clients/${encodeURIComponent(clientId)}${action}`;
}

/** Only the record may be missing: a path that is not there is another failure. */
export async function unlessMissing<T>(code: string, finding: Promise<T>): Promise<T | undefined> {
  try {
    return await finding;
  } catch (error) {
    if (error instanceof ParleyApiError && error.code === code) return undefined;
    throw error;
  }
}
