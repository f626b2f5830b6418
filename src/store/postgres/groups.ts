import { setTimeout as delay } from 'node:timers/promises';
import { storeUnavailable } from '../../domain/errors.ts';
import type { Decision } from '../../domain/provisioning.ts';
import { type Database, PostgresError } from './database.ts';
import { type FoundClient, type FoundProvisioned, readClient, readProvisioned } from './found.ts';
import { type PendingProvision, type PendingWrite, Plan, type PlannedWrite } from './plan.ts';

/** How one write of a group ended. */
export type Applied =
  | AppliedProvision
  | AppliedStatus
  | { kind: 'pass-code-taken' }
  | { kind: 'locked' }
  | { kind: 'failed'; error: unknown };

/** Done, and `found` is the record after it; or another node was faster, and `found` is what it left. */
export interface AppliedProvision {
  kind: 'done' | 'stale';
  op: 'provision';
  found: FoundProvisioned;
  decision: Decision;
}

export interface AppliedStatus {
  kind: 'done' | 'stale';
  op: 'status';
  /** What another node left. */
  found: FoundClient | undefined;
}

interface AppliedRow {
  applied: { kind: 'done' | 'stale' | 'pass-code-taken' | 'locked'; found?: unknown };
}

/** How often a group is tried again that lost against another transaction. The lock order leaves nothing to lose against but foreign ones. */
const MAX_TRIES = 6;
const RETRY_STEP_MS = 20;
const LOCK_TIMEOUT_MS = 2_000;
/** Once a group has met a lock it has waited long enough; its halves only find out which of its writes it was. */
const LOCK_TIMEOUT_OF_PART_MS = 100;

/** Carries out one node's groups: one round trip each, in which all of its writes are committed or none. */
export class Groups {
  readonly #database: Database;
  readonly #countReading: () => number;
  /** What the last group left. Those who read before it ended decide from this. */
  #left: PendingProvision[] = [];

  constructor(database: Database, countReading: () => number) {
    this.#database = database;
    this.#countReading = countReading;
  }

  async commit(group: PendingWrite[]): Promise<Applied[]> {
    return this.#commit(group, LOCK_TIMEOUT_MS);
  }

  async #commit(group: PendingWrite[], lockTimeoutMs: number): Promise<Applied[]> {
    try {
      return await this.#tryRepeatedly(group, lockTimeoutMs);
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
      // The server is away, or nobody knows how it ended: the same for all of them.
      if (error.isUnavailable && !error.isLockTimeout) throw storeUnavailable(error);
      // One of them is the reason, and its neighbours shall not suffer for it.
      if (group.length === 1) return [{ kind: 'failed', error: error.isUnavailable ? storeUnavailable(error) : error }];
      const middle = group.length >> 1;
      const left = await this.#commit(group.slice(0, middle), LOCK_TIMEOUT_OF_PART_MS);
      return [...left, ...(await this.#commit(group.slice(middle), LOCK_TIMEOUT_OF_PART_MS))];
    }
  }

  async #tryRepeatedly(group: PendingWrite[], lockTimeoutMs: number): Promise<Applied[]> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#send(group, lockTimeoutMs);
      } catch (error) {
        if (!(error instanceof PostgresError && error.isRetriable) || tries === MAX_TRIES) throw error;
        await delay(tries * RETRY_STEP_MS * (0.5 + Math.random()));
      }
    }
  }

  async #send(group: PendingWrite[], lockTimeoutMs: number): Promise<Applied[]> {
    const plan = new Plan([...group, ...this.#left]);
    const planned = group.map((write) => plan.add(write));
    const rows = await this.#database.write<AppliedRow>('select apply_group($1::jsonb, $2) as applied', [
      JSON.stringify(planned.map(({ item }) => item)),
      lockTimeoutMs,
    ]);
    this.#left = [];
    return rows.map(({ applied }, i) => this.#readApplied(group[i] as PendingWrite, planned[i] as PlannedWrite, applied));
  }

  #readApplied(write: PendingWrite, { decision }: PlannedWrite, { kind, found }: AppliedRow['applied']): Applied {
    if (kind !== 'done' && kind !== 'stale') return { kind };
    if (write.kind === 'status') return { kind, op: 'status', found: readClient(found) };
    const read = readProvisioned(found, this.#countReading());
    this.#left.push({ ...write, found: read });
    return { kind, op: 'provision', found: read, decision: decision as Decision };
  }
}
