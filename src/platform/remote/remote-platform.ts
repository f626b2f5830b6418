import { setTimeout as delay } from 'node:timers/promises';
import { bulkhead, BulkheadRejectedError } from 'cockatiel';
import type { Tenant } from '../../domain/caller.ts';
import type { Outcome, ProvisionedClient, ProvisionRequest } from '../../domain/client.ts';
import type { ClientChange } from '../../domain/client-change.ts';
import {
  clientInactive,
  clientNotFound,
  clientTerminated,
  inProgress,
  needsOperator,
  overloaded,
  platformAnswerWrong,
  platformRefused,
  platformUnavailable,
  platformUnsupported,
  ProvisioningError,
} from '../../domain/errors.ts';
import type { ClientId } from '../../domain/ids.ts';
import type { Origin } from '../../domain/journal.ts';
import { decideLifecycle } from '../../domain/lifecycle.ts';
import type { StatusWish } from '../../domain/operation.ts';
import type { OperationKey } from '../../store/operations.ts';
import type { ClientSummary, Store } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';
import { answerOf } from '../directory/answer.ts';
import type { Platform, Preview, SignedOn } from '../platform.ts';
import { decideOnRecord, previewProvision } from '../wanted.ts';
import { sealRequest, fingerprintOf, openRequest, readStanding, sealIssued } from './records.ts';
import { type Ended, type EndedWish, Runner } from './runner.ts';
import { isAboutAnswer, type Vendor, VendorError } from './vendor.ts';

/** How long a caller is kept waiting; what was begun goes on without it. */
const CALLER_WAITS_MS = 15_000;
const POLL_FIRST_MS = 50;
const POLL_MAX_MS = 1_000;
/** One answer may be wrong by accident, and is asked for again before the caller is told. */
const WRONG_ANSWERS_TO_TELL = 2;
const MAX_RUNS = 16;
const MAX_WAITING_RUNS = 2_000;
const RECOVERED_AT_ONCE = 50;

export interface RemotePlatformOptions {
  store: Store;
  vault: Vault;
  vendor: Vendor & { isOpen: boolean };
  now: () => number;
  stuckAfterMs: number;
  /** What a process has of time and chance besides. */
  process?: ProcessParts;
}

export interface ProcessParts {
  /** Milliseconds by a clock that is never turned. */
  elapsedMs: () => number;
  sleep: (ms: number) => Promise<unknown>;
  /** From 0 to 1. */
  random: () => number;
}

const THIS_PROCESS: ProcessParts = { elapsedMs: () => performance.now(), sleep: delay, random: Math.random };

/**
 * A vendor that speaks the contract, made safe: what is wanted is on record before the vendor hears of it, each call is announced before it
 * is made, and whoever comes next (the caller's repeat, another node, this one after its death) carries on from there.
 */
export class RemotePlatform implements Platform {
  readonly #options: RemotePlatformOptions;
  readonly #process: ProcessParts;
  readonly #runner: Runner;
  readonly #runs = new Map<string, Promise<Ended | undefined>>();
  readonly #limit = bulkhead(MAX_RUNS, MAX_WAITING_RUNS);

  constructor(options: RemotePlatformOptions) {
    this.#options = options;
    const { store, vault, vendor, now, stuckAfterMs } = options;
    this.#process = options.process ?? THIS_PROCESS;
    this.#runner = new Runner({
      operations: store.operations,
      vendor,
      now,
      elapsedMs: this.#process.elapsedMs,
      random: this.#process.random,
      stuckAfterMs,
      openRequest: (operation, request) => openRequest(vault, operation, request),
      sealIssued: (operation, request, given, origin) => sealIssued(vault, operation, request, given, origin),
      isOnRecord: async (operation, request) => {
        const { decision } = await decideOnRecord(options, { tenantId: operation.tenantId, onDifference: 'update' }, request);
        return decision.kind === 'unchanged';
      },
      readRecord: (operation) => readStanding(store, operation),
    });
  }

  async provision(tenant: Tenant, request: ProvisionRequest, origin: Origin): Promise<ProvisionedClient> {
    const { store, vault, now } = this.#options;
    const key = { tenantId: tenant.tenantId, externalId: request.client.externalId };
    const { decision, recorded } = await decideOnRecord(this.#options, tenant, request);
    if (decision.kind === 'refuse') throw decision.error;
    const pending = await store.operations.find({ ...key, at: now() });
    // What is on record already is answered from there, whether or not the vendor is awake; but the latest wish counts.
    if (decision.kind === 'unchanged' && pending?.request === undefined) return this.#answer(tenant, request, 'unchanged', []);
    // Details of the company that the tenant wants kept are not to be changed at the vendor either.
    const isKept = tenant.onDifference === 'keep' && recorded.company !== undefined && decision.kind === 'create';
    const sent = isKept ? { ...request, company: { ...request.company, ...companyOf(recorded.company) } } : request;
    const sealed = sealRequest(vault, key, sent);
    const revision = await store.operations.wish({
      ...key,
      at: now(),
      origin,
      request: { sealed, digest: fingerprintOf(vault, key, sent) },
    });
    const ended = await this.#carryOut(key, revision, 'request');
    if (ended?.kind === 'refused') throw explainRefusal(ended.error);
    return this.#answer(tenant, request, ended?.issued?.outcome ?? 'unchanged', ended?.issued?.changed ?? []);
  }

  preview(tenant: Tenant, request: ProvisionRequest): Promise<Preview> {
    return previewProvision(this.#options, tenant, request);
  }

  async deactivate(tenant: Tenant, clientId: ClientId, origin: Origin): Promise<{ changed: boolean }> {
    return this.#setStatus(tenant, clientId, { wanted: 'inactive', reason: undefined }, origin);
  }

  async reactivate(tenant: Tenant, clientId: ClientId, origin: Origin): Promise<{ changed: boolean }> {
    return this.#setStatus(tenant, clientId, { wanted: 'active', reason: undefined }, origin);
  }

  async change(
    tenant: Tenant,
    clientId: ClientId,
    change: Exclude<ClientChange, { kind: 'rotate-pass-codes' }>,
    origin: Origin,
  ): Promise<{ changed: boolean }> {
    const { store, now } = this.#options;
    switch (change.kind) {
      case 'terminate':
        return this.#setStatus(tenant, clientId, { wanted: 'terminated', reason: change.reason }, origin);
      case 'erase':
        return this.#setStatus(tenant, clientId, { wanted: 'erased', reason: undefined }, origin);
      case 'schedule-termination':
      case 'cancel-termination':
      case 'set-status': {
        const { kind } = await store.changeClient({ tenantId: tenant.tenantId, clientId, at: now(), origin, change });
        if (kind === 'not-found') throw clientNotFound();
        return { changed: kind === 'applied' };
      }
    }
  }

  async rotatePassCodes(): Promise<never> {
    throw platformUnsupported("The platform gives out the pass codes, and has no call to change them. Ask the platform's operator.");
  }

  async get({ tenantId }: Tenant, clientId: ClientId): Promise<ClientSummary> {
    const client = await this.#options.store.findClient(tenantId, clientId);
    if (client === undefined) throw clientNotFound();
    return client;
  }

  async signOn(tenant: Tenant, clientId: ClientId): Promise<string> {
    const { status } = await this.get(tenant, clientId);
    if (status === 'inactive') throw clientInactive();
    if (status !== 'active') throw clientTerminated();
    try {
      return await this.#options.vendor.signOn(clientId);
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      if (error.failure === 'refused') throw explainRefusal(error);
      throw isAboutAnswer(error.message) ? platformAnswerWrong(error.message, 2) : platformUnavailable(2);
    }
  }

  /** The vendor's links lead to the vendor's hubs. */
  async redeemSignOn(): Promise<SignedOn | undefined> {
    return undefined;
  }

  /** Carries on what is due and nobody is at: whatever its caller, its node or the vendor did. */
  async recover(): Promise<void> {
    const { store, now } = this.#options;
    const due = await store.operations.findDue({ at: now(), limit: RECOVERED_AT_ONCE });
    await Promise.all(due.map((key) => this.#run(key).catch(ignoreTransient)));
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#runs.values());
    await this.#options.vendor.close();
  }

  async #setStatus(
    { tenantId }: Tenant,
    clientId: ClientId,
    wish: { wanted: StatusWish; reason: string | undefined },
    origin: Origin,
  ): Promise<{ changed: boolean }> {
    const { store, now } = this.#options;
    const record = await store.findClientRecord(tenantId, { clientId });
    if (record === undefined) throw clientNotFound();
    const key = { tenantId, externalId: record.externalId };
    const { wanted } = wish;
    const isGone = record.status === 'terminated' || record.status === 'erased';
    const decision = wanted === 'active' || wanted === 'inactive' ? decideLifecycle(record.status, wanted) : { kind: 'set' as const };
    if (decision.kind === 'refuse') throw decision.error;
    const isSo = decision.kind === 'unchanged' || record.status === wanted || (wanted === 'terminated' && isGone);
    const pending = await store.operations.find({ ...key, at: now() });
    if (isSo && pending?.status === undefined) return { changed: false };
    const revision = await store.operations.wish({ ...key, at: now(), origin, status: { clientId, ...wish } });
    const ended = await this.#carryOut(key, revision, 'status');
    if (ended?.kind === 'refused') throw explainRefusal(ended.error);
    return { changed: !isSo };
  }

  /** Undefined where another run, perhaps on another node, has done it or something later. */
  async #carryOut(key: OperationKey, revision: number, part: 'request' | 'status'): Promise<EndedWish | undefined> {
    const { store, vendor, now } = this.#options;
    const { elapsedMs, sleep } = this.#process;
    const deadline = elapsedMs() + CALLER_WAITS_MS;
    for (let pollMs = POLL_FIRST_MS; ; pollMs = Math.min(pollMs * 2, POLL_MAX_MS)) {
      const run = await this.#run(key);
      const ended = run?.get(revision);
      // Of those who shared the run, one made the client, and the others found it made.
      if (ended?.kind === 'done') run?.set(revision, { kind: 'done', issued: undefined });
      if (ended !== undefined) return ended;
      const operation = await store.operations.find({ ...key, at: now() });
      if (operation?.[part] === undefined) return undefined;
      if (operation.isParked) throw needsOperator();
      const retryAfterSeconds = Math.max(1, Math.ceil(operation.nextInMs / 1000));
      const { lastError, attempts } = operation;
      if (lastError !== undefined && isAboutAnswer(lastError) && attempts >= WRONG_ANSWERS_TO_TELL)
        throw platformAnswerWrong(lastError, retryAfterSeconds);
      if (vendor.isOpen) throw platformUnavailable(retryAfterSeconds);
      if (elapsedMs() + pollMs > deadline) throw lastError === undefined ? inProgress() : platformUnavailable(2);
      await sleep(pollMs);
    }
  }

  /** One run for each client in this process: who comes meanwhile shares it. */
  async #run(key: OperationKey): Promise<Ended | undefined> {
    const name = `${key.tenantId}/${key.externalId}`;
    const running = this.#runs.get(name);
    if (running !== undefined) return running;
    const run = this.#limit
      .execute(() => this.#runner.run(key))
      .catch((error: unknown) => {
        throw error instanceof BulkheadRejectedError ? overloaded() : error;
      })
      .finally(() => this.#runs.delete(name));
    this.#runs.set(name, run);
    return run;
  }

  async #answer(tenant: Tenant, request: ProvisionRequest, outcome: Outcome, changed: readonly string[]): Promise<ProvisionedClient> {
    const { store, vault, now } = this.#options;
    const { client } = await store.findProvisioned(tenant.tenantId, request);
    if (client === undefined) throw inProgress();
    return answerOf(vault, tenant, request.client.externalId, client, { outcome, changed, now: now() });
  }
}

function companyOf(
  recorded: { details: Record<`company.${'name' | 'isGlobalMeetEnabled' | 'isWebConfEnabled'}`, unknown> } | undefined,
): object {
  return Object.fromEntries(Object.entries(recorded?.details ?? {}).map(([path, value]) => [path.replace('company.', ''), value]));
}

/** The vendor speaks the contract, so that its refusals are ours where we know them; what else it says stays in the log. */
function explainRefusal(error: VendorError | ProvisioningError): ProvisioningError {
  if (error instanceof ProvisioningError) return error;
  const code = PASSED_ON.find((known) => known === error.code);
  if (code === undefined) return platformRefused();
  return new ProvisioningError(code, 'The platform refuses this request, and nothing was changed.', { fields: error.fields });
}

const PASSED_ON = [
  'CLIENT_COMPANY_MISMATCH',
  'COMPANY_ENTERPRISE_MISMATCH',
  'CLIENT_TERMINATED',
  'CLIENT_INACTIVE',
  'DETAILS_DIFFER',
  'FIELD_REQUIRED',
  'FIELD_INVALID',
  'STATE_REQUIRED',
  'COUNTRY_UNKNOWN',
  'EMAIL_INVALID',
  'PASSWORD_UNACCEPTABLE',
  'FIELDS_INVALID',
] as const;

/** Of the store or the moment: the next turn tries anew. */
function ignoreTransient(error: unknown): void {
  if (!(error instanceof ProvisioningError)) throw error;
}
