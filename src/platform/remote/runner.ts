import type { ProvisionRequest } from '../../domain/client.ts';
import { ProvisioningError } from '../../domain/errors.ts';
import type { ClientId } from '../../domain/ids.ts';
import type { Origin } from '../../domain/journal.ts';
import {
  awayDelayMs,
  changeOfWish,
  type Operation,
  type PendingRequest,
  type PendingStatusWish,
  retryDelayMs,
} from '../../domain/operation.ts';
import type { Advanced, Issued, IssuedRecord, OperationKey, OperationStore, Step } from '../../store/operations.ts';
import { type Vendor, type VendorClient, VendorError } from './vendor.ts';

/** Progress, not safety: safety is the epoch. Longer than a call, so that no two are made at once without need. */
const LEASE_FACTOR = 3;
const MIN_LEASE_MS = 5_000;

export interface RunnerParts {
  operations: OperationStore;
  vendor: Vendor;
  now: () => number;
  /** Milliseconds by a clock that is never turned. */
  elapsedMs: () => number;
  random: () => number;
  /** How long something may be under way before somebody is told. */
  stuckAfterMs: number;
  /** The record that was wished for, opened. */
  openRequest: (operation: Operation, request: PendingRequest) => ProvisionRequest;
  /** What the vendor gave, sealed, for the record. */
  sealIssued: (operation: Operation, request: ProvisionRequest, given: VendorClient, origin: Origin) => IssuedRecord;
  /** Whether the record is as the request wants it already: then nobody needs to be asked. */
  isOnRecord: (operation: Operation, request: ProvisionRequest) => Promise<boolean>;
  /** The record as it stands, to be said to the vendor once more. Undefined where there is none or where it is not to be said. */
  readRecord: (operation: Operation) => Promise<Standing | undefined>;
}

/** What is on record of a client, as the vendor should have it. */
export interface Standing {
  clientId: ClientId;
  isActive: boolean;
  /** Undefined for one who was forgotten or is gone for good. */
  request: ProvisionRequest | undefined;
}

/** What came of the wishes that were worked off in one run, by their revisions. */
export type Ended = Map<number, EndedWish>;
export type EndedWish = { kind: 'done'; issued: Issued | undefined } | { kind: 'refused'; error: VendorError | ProvisioningError };

/**
 * Works an operation off: claim, intent, call, record, each under the claim's epoch. Whatever dies, and wherever: who comes next finds
 * either nothing begun, or an intent, and knows what to do about it. One runner makes one call at a time for one client.
 */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #leaseMs: number;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#leaseMs = Math.max(MIN_LEASE_MS, LEASE_FACTOR * parts.vendor.callMs);
  }

  /** Undefined where there was nothing to claim: nothing to do, not yet time, or somebody else is at it. */
  async run(key: OperationKey): Promise<Ended | undefined> {
    const { operations, now } = this.#parts;
    const claimed = await operations.claim({ ...key, at: now(), leaseMs: this.#leaseMs });
    if (claimed === undefined) return undefined;
    const ended: Ended = new Map();
    let operation: Operation | undefined = claimed;
    // A wish that is made meanwhile is worked off in the same run; others have their turn between, because each turn is a call.
    while (operation !== undefined) operation = await this.#step(operation, ended);
    return ended;
  }

  async #step(operation: Operation, ended: Ended): Promise<Operation | undefined> {
    const { request, status } = operation;
    try {
      if (request !== undefined) return await this.#provision(operation, request, ended);
      if (status !== undefined) return await this.#setStatus(operation, status, ended);
      return await this.#sweep(operation);
    } catch (error) {
      if (error instanceof VendorError) return this.#failed(operation, error, ended);
      // The record itself forbids it by now: the wish is void.
      if (error instanceof ProvisioningError && !isTransient(error)) return this.#refuse(operation, error, ended);
      throw error;
    }
  }

  async #provision(operation: Operation, request: PendingRequest, ended: Ended): Promise<Operation | undefined> {
    const { openRequest, sealIssued, isOnRecord } = this.#parts;
    const record = openRequest(operation, request);
    const isSettled = operation.calling === undefined && !operation.isUnsettled;
    if (isSettled && (await isOnRecord(operation, record))) {
      const advanced = await this.#advance(operation, { kind: 'void', revision: request.revision });
      if (advanced.kind !== 'lost') ended.set(request.revision, { kind: 'done', issued: undefined });
      return advanced.kind === 'open' ? advanced.operation : undefined;
    }
    const there = await this.#lookUp(operation);
    if (there === 'wait') return undefined;
    if (!(await this.#intend(operation, 'provision'))) return undefined;
    const given = await this.#say(there, record);
    const advanced = await this.#advance(operation, {
      kind: 'issued',
      revision: request.revision,
      record: sealIssued(operation, record, given, request.origin),
    });
    if (advanced.kind === 'mismatch') throw mismatch(advanced.fields);
    if (advanced.kind === 'lost') return undefined;
    ended.set(request.revision, { kind: 'done', issued: advanced.issued });
    return advanced.kind === 'open' ? advanced.operation : undefined;
  }

  /** The client that is there already, at a vendor where a second provision would make a second one. */
  async #lookUp(operation: Operation): Promise<ClientId | undefined | 'wait'> {
    const { vendor, readRecord } = this.#parts;
    if (vendor.creates === 'repeatable') return undefined;
    const recorded = vendor.creates === 'findable' ? (await readRecord(operation))?.clientId : undefined;
    if (recorded !== undefined || operation.calling !== 'provision') return recorded;
    if (vendor.creates === 'neither') {
      const error = `not known whether it was carried out: ${operation.lastError ?? 'the node that called ended meanwhile'}`;
      await this.#postpone(operation, { inMs: 0, error, isAmbiguous: true, isParked: true, isAttempt: true });
      return 'wait';
    }
    const settlesInMs = vendor.settleMs - operation.sinceCalledMs;
    if (settlesInMs > 0) {
      await this.#postpone(operation, { inMs: settlesInMs, error: 'settling', isAmbiguous: true, isParked: false, isAttempt: false });
      return 'wait';
    }
    return (await vendor.find?.(operation.externalId))?.[0]?.clientId;
  }

  async #say(there: ClientId | undefined, record: ProvisionRequest): Promise<VendorClient> {
    const { vendor } = this.#parts;
    return there !== undefined && vendor.update ? vendor.update(there, record) : vendor.provision(record);
  }

  async #setStatus(operation: Operation, status: PendingStatusWish, ended: Ended): Promise<Operation | undefined> {
    const { clientId, revision, wanted, origin } = status;
    if (!(await this.#intend(operation, 'status'))) return undefined;
    await this.#tell(clientId, wanted === 'active');
    const advanced = await this.#advance(operation, { kind: 'status', revision, clientId, change: changeOfWish(status), origin });
    if (advanced.kind === 'lost') return undefined;
    ended.set(revision, { kind: 'done', issued: undefined });
    return advanced.kind === 'open' ? advanced.operation : undefined;
  }

  /**
   * After calls of which nobody knows the end: once they cannot take effect any more, what is on record is said again, and whatever else the
   * vendor has under this external id is told of.
   */
  async #sweep(operation: Operation): Promise<Operation | undefined> {
    const { vendor, readRecord } = this.#parts;
    const standing = await readRecord(operation);
    if (!(await this.#intend(operation, 'sweep'))) return undefined;
    const orphans: number[] = [];
    if (vendor.creates === 'findable') {
      const found = (await vendor.find?.(operation.externalId)) ?? [];
      orphans.push(...found.map(({ clientId }) => clientId).filter((clientId) => clientId !== standing?.clientId));
    }
    if (standing !== undefined) {
      if (vendor.creates !== 'neither' && standing.request !== undefined) {
        const given = await this.#say(vendor.creates === 'findable' ? standing.clientId : undefined, standing.request);
        if (given.clientId !== standing.clientId) orphans.push(given.clientId);
      }
      await this.#tell(standing.clientId, standing.isActive);
    }
    const advanced = await this.#advance(operation, { kind: 'swept', orphans });
    return advanced.kind === 'open' ? advanced.operation : undefined;
  }

  async #tell(clientId: ClientId, isActive: boolean): Promise<void> {
    const { vendor } = this.#parts;
    await (isActive ? vendor.reactivate(clientId) : vendor.deactivate(clientId));
  }

  /** False where the claim is lost, or where it took so long to say so that it may be by now: then no call goes out. */
  async #intend(operation: Operation, calling: 'provision' | 'status' | 'sweep'): Promise<boolean> {
    const { elapsedMs } = this.#parts;
    const startedAt = elapsedMs();
    const advanced = await this.#advance(operation, { kind: 'intend', calling });
    return advanced.kind === 'open' && elapsedMs() - startedAt < this.#leaseMs / 2;
  }

  async #failed(operation: Operation, error: VendorError, ended: Ended): Promise<Operation | undefined> {
    if (error.failure === 'refused') return this.#refuse(operation, error, ended);
    const { random } = this.#parts;
    await this.#postpone(operation, {
      inMs: error.failure === 'away' ? awayDelayMs(random()) : retryDelayMs(operation.attempts, random(), error.retryAfterMs),
      error: error.message,
      // A call of unknown end stays one, whatever became of the look-up or the call after it.
      isAmbiguous: error.failure === 'unknown' || error.failure === 'wrong' || operation.calling !== undefined,
      isParked: false,
      isAttempt: error.failure !== 'away',
    });
    return undefined;
  }

  async #refuse(operation: Operation, error: VendorError | ProvisioningError, ended: Ended): Promise<Operation | undefined> {
    const revision = (operation.request ?? operation.status)?.revision;
    // A sweep that is refused has nothing to give up: somebody has to look at it.
    if (revision === undefined) {
      await this.#postpone(operation, {
        inMs: retryDelayMs(operation.attempts, 1),
        error: error.message,
        isAmbiguous: true,
        isParked: false,
        isAttempt: true,
      });
      return undefined;
    }
    const advanced = await this.#advance(operation, { kind: 'void', revision });
    if (advanced.kind !== 'lost') ended.set(revision, { kind: 'refused', error });
    return advanced.kind === 'open' ? advanced.operation : undefined;
  }

  #postpone(operation: Operation, how: Omit<Extract<Step, { kind: 'postpone' }>, 'kind' | 'stuckBefore'>): Promise<Advanced> {
    const { now, stuckAfterMs } = this.#parts;
    return this.#advance(operation, { kind: 'postpone', ...how, stuckBefore: now() - stuckAfterMs });
  }

  #advance({ tenantId, externalId, epoch }: Operation, step: Step): Promise<Advanced> {
    const { operations, now, vendor } = this.#parts;
    return operations.advance({ tenantId, externalId, epoch, at: now(), leaseMs: this.#leaseMs, settleMs: vendor.settleMs, step });
  }
}

/** Of the store or the moment, and not of the wish. */
function isTransient({ code }: ProvisioningError): boolean {
  return code === 'STORE_UNAVAILABLE' || code === 'OVERLOADED' || code === 'INTERNAL';
}

/** It answered for somebody else, or with other codes than before: believing it would hand one customer's conference to another. */
function mismatch(fields: readonly string[]): VendorError {
  return new VendorError('wrong', `the vendor's answer contradicts the record: ${fields.join(', ')}`);
}
