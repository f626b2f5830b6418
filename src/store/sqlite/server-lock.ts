import { DatabaseSync } from 'node:sqlite';
import { OperatorError } from '../../domain/errors.ts';
import { makePrivate } from '../../vault/private-file.ts';

/**
 * One server to a file: an exclusive lock on a small SQLite file beside the database. The kernel drops it with the process, however that
 * dies, so there is no stale lock to clear by hand. Commands such as `parley token create` do not need it.
 */
export function acquireServerLock(databasePath: string): () => void {
  makePrivate(`${databasePath}.lock`);
  const lock = new DatabaseSync(`${databasePath}.lock`, { timeout: 0 });
  try {
    lock.exec('pragma journal_mode = delete; begin exclusive');
  } catch (error) {
    lock.close();
    throw new OperatorError(`Another Parley server has ${databasePath} open. Stop it first, or give this one its own PARLEY_DATA_DIR.`, {
      cause: error,
    });
  }
  return () => lock.close();
}

export function isServerRunning(databasePath: string): boolean {
  try {
    acquireServerLock(databasePath)();
    return false;
  } catch {
    return true;
  }
}
