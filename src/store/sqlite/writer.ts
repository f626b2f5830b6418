import type { DatabaseSync } from 'node:sqlite';
import { type ErrorCode, ProvisioningError } from '../../domain/errors.ts';
import type { ClientChangeCommand } from '../client-change.ts';
import { changeClient } from '../scripts/change-client.ts';
import { prepareAccessWrites } from './access.ts';
import { prepareAdmissionWrites } from './admission.ts';
import { BUSY_TIMEOUT_MS, isStoreFailure } from './connection.ts';
import { prepareEngineRoomWrites } from './engine-rooms.ts';
import { prepareAppend } from './journal.ts';
import { prepareKeyWrites } from './keys.ts';
import { prepareSetClientStatus } from './lifecycle.ts';
import { prepareOperationWrites } from './operations.ts';
import { PassCodeTaken, prepareProvision } from './provision.ts';
import { prepareScripts, SQLITE } from './script.ts';
import { prepareSearchWrites } from './search.ts';
import { prepareRedeemSignOn } from './sign-on.ts';
import { prepareWebhookWrites } from './webhooks.ts';

/** Every write there is, by name. */
function prepareWrites(db: DatabaseSync) {
  const append = prepareAppend(db);
  const run = prepareScripts(db, append);
  return {
    provision: prepareProvision(db, append),
    setClientStatus: prepareSetClientStatus(db, append),
    changeClient: (command: ClientChangeCommand) => run(changeClient(SQLITE, command)),
    redeemSignOn: prepareRedeemSignOn(db, append),
    ...prepareOperationWrites(db, append),
    ...prepareWebhookWrites(db, append),
    ...prepareAccessWrites(db, append),
    ...prepareAdmissionWrites(db, append),
    ...prepareEngineRoomWrites(db, append),
    ...prepareSearchWrites(db, append),
    ...prepareKeyWrites(db),
  };
}

type Writes = ReturnType<typeof prepareWrites>;
export type WriteName = keyof Writes;
export type WriteInput<Name extends WriteName> = Parameters<Writes[Name]>[0];
export type WriteOutput<Name extends WriteName> = ReturnType<Writes[Name]>;

export interface Write<Name extends WriteName = WriteName> {
  name: Name;
  input: WriteInput<Name>;
}

/** How one write of a group ended. Plain data, so that it can cross to another thread. */
export type Settled =
  | { kind: 'done'; output: unknown }
  | { kind: 'refused'; code: ErrorCode; message: string; fields: Readonly<Record<string, string>> }
  | { kind: 'failed'; message: string };

/**
 * Commits groups of writes: one transaction and one fsync for all, a savepoint for each, so that one that is refused or fails leaves its
 * neighbours alone. Throws where the transaction itself failed: then none of the group is known to be written.
 */
export function prepareCommit(db: DatabaseSync): (group: readonly Write[]) => Settled[] {
  const writes = prepareWrites(db) as unknown as Record<WriteName, (input: unknown) => unknown>;
  const begin = db.prepare('begin immediate');
  const commit = db.prepare('commit');
  const savepoint = db.prepare('savepoint write');
  const release = db.prepare('release write');
  const rollbackTo = db.prepare('rollback to write');
  let isLogToForget = false;

  return function commitGroup(group) {
    const settled = commitTogether(group);
    isLogToForget ||= group.some(isErasure);
    if (isLogToForget) isLogToForget = !forgetLog();
    return settled;
  };

  function commitTogether(group: readonly Write[]): Settled[] {
    try {
      begin.run();
      const settled = group.map(settle);
      commit.run();
      return settled;
    } catch (error) {
      if (db.isTransaction) db.exec('rollback');
      throw error;
    }
  }

  /** What was erased is also in the write-ahead log. False where a reader still needs the log: nobody waits for it. */
  function forgetLog(): boolean {
    db.exec('pragma busy_timeout = 0');
    try {
      return db.prepare('pragma wal_checkpoint(truncate)').get()?.busy === 0;
    } catch {
      return false;
    } finally {
      db.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    }
  }

  function settle(write: Write): Settled {
    savepoint.run();
    try {
      const output = writes[write.name](write.input);
      release.run();
      return { kind: 'done', output };
    } catch (error) {
      if (isStoreFailure(error)) throw error;
      rollbackTo.run();
      release.run();
      return explain(error);
    }
  }
}

function isErasure({ name, input }: Write): boolean {
  return name === 'changeClient' && (input as WriteInput<'changeClient'>).change.kind === 'erase';
}

function explain(error: unknown): Settled {
  if (error instanceof PassCodeTaken) return { kind: 'done', output: { kind: 'pass-code-taken' } };
  if (error instanceof ProvisioningError) {
    return { kind: 'refused', code: error.code, message: error.message, fields: error.fields };
  }
  return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
}
