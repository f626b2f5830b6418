import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { OperatorError } from '../../domain/errors.ts';
import { isStoreFailure, openConnection } from '../sqlite/connection.ts';
import { migrate } from '../sqlite/migrations.ts';
import { acquireServerLock } from '../sqlite/server-lock.ts';
import type { MovedTable } from './moved-table.ts';
import { BATCH_ROWS, MOVED_TABLES, type MovedRow, readMovedRow } from './tables.ts';

/**
 * The file that is moved. While it is open nobody can serve it, and no command can change it: what is copied last belongs to what was copied
 * first. Nothing is written to it.
 */
export class MoveSource {
  readonly path: string;
  /** What never changes in a database once there is something in it: its first tenant and its first token. */
  readonly identity: string;
  readonly #db: DatabaseSync;
  readonly #releaseLock: () => void;

  private constructor(path: string, db: DatabaseSync, releaseLock: () => void) {
    this.path = path;
    this.#db = db;
    this.#releaseLock = releaseLock;
    this.identity = createHash('sha256')
      .update(JSON.stringify(readMovedRow(db.prepare('select min(tenant_id) as id, created_at from tenants').get() ?? {})))
      .update(JSON.stringify(readMovedRow(db.prepare('select min(token_id) as id, token_hash from tokens').get() ?? {})))
      .digest('hex');
  }

  static open(path: string): MoveSource {
    const db = openConnection(path, 'write');
    let releaseLock = (): void => {};
    try {
      releaseLock = lock(path);
      migrate(db);
      db.exec('begin immediate');
      return new MoveSource(path, db, releaseLock);
    } catch (error) {
      releaseLock();
      db.close();
      throw explain(path, error);
    }
  }

  count({ name }: MovedTable): number {
    return Number(this.#db.prepare(`select count(*) as n from ${name}`).get()?.n);
  }

  /** The highest id that each table has ever given, of a row that still exists or not. */
  issuedIds(): { table: MovedTable; highest: number }[] {
    const select = this.#db.prepare('select seq from sqlite_sequence where name = ?');
    return MOVED_TABLES.filter(({ issuesIds }) => issuesIds).map((table) => ({ table, highest: Number(select.get(table.name)?.seq ?? 0) }));
  }

  /** The rows after a key, or all of them. */
  *batches({ name, key, columns, source = name }: MovedTable, after?: readonly (string | number | Uint8Array)[]): Generator<MovedRow[]> {
    const order = key.join(', ');
    const [where, values] = after === undefined ? ['', []] : [`where (${order}) > (${key.map(() => '?').join(', ')})`, after];
    try {
      let batch: MovedRow[] = [];
      for (const row of this.#db.prepare(`select ${columns.join(', ')} from ${source} ${where} order by ${order}`).iterate(...values)) {
        if (batch.push(readMovedRow(row)) < BATCH_ROWS) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    } catch (error) {
      throw explain(this.path, error);
    }
  }

  close(): void {
    this.#db.close();
    this.#releaseLock();
  }
}

function lock(path: string): () => void {
  try {
    return acquireServerLock(path);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    throw new OperatorError(
      `A Parley server, or another move, has ${path} open. Stop it and run this again: what it accepted meanwhile would be left behind.`,
      { cause: error },
    );
  }
}

function explain(path: string, error: unknown): unknown {
  if (!isStoreFailure(error)) return error;
  return new OperatorError(
    `${path} cannot be read: ${(error as Error).message}. See that no other program holds it, run parley doctor on it, then run this again.`,
    { cause: error },
  );
}
