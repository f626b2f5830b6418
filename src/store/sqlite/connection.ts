import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { OperatorError } from '../../domain/errors.ts';
import { keepPrivate, makePrivate } from '../../vault/private-file.ts';

/** What SQLite and our lock put beside a database. */
export const FILES_BESIDE = ['-wal', '-shm', '-journal', '.lock', '.lock-journal'] as const;
/** How long a writer waits for another process's short transaction (a token made on the command line, say). */
export const BUSY_TIMEOUT_MS = 5_000;
/** Of 4 KiB in the write-ahead log before they are written back: a page that many commits change is then written back once for all of them. */
const LOG_PAGES = 4_000;
/** For each of the two connections; what does not fit is in the operating system's cache. */
const CACHE_KIB = 16 * 1024;

/** https://sqlite.org/rescode.html, primary codes that condemn the statement's whole transaction and say nothing of the request. */
const STORE_FAILURES = new Set([5, 6, 7, 8, 10, 11, 13, 14, 26]);

/** G2 rests on these: WAL, and an fsync for each commit. What is overwritten is gone from the file too (erasure). */
export function openConnection(path: string, mode: 'write' | 'read'): DatabaseSync {
  try {
    // SQLite gives the files beside it the database's own mode.
    if (mode === 'write') keepForOwner(path);
    const db = new DatabaseSync(path, { readOnly: mode === 'read', timeout: BUSY_TIMEOUT_MS });
    if (mode === 'write')
      db.exec(
        `pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma secure_delete = on; pragma wal_autocheckpoint = ${LOG_PAGES}`,
      );
    // The first read of the file: where it is damaged, this is where it shows.
    db.exec(`pragma cache_size = -${CACHE_KIB}; pragma temp_store = memory; select count(*) from sqlite_schema`);
    refuseTruncated(db, path);
    return db;
  } catch (error) {
    throw explainOpenFailure(path, error);
  }
}

/** Names and addresses are in these files in the clear. */
function keepForOwner(path: string): void {
  if (path === ':memory:') return;
  makePrivate(path);
  for (const end of FILES_BESIDE) keepPrivate(`${path}${end}`);
}

export function isStoreFailure(error: unknown): boolean {
  return STORE_FAILURES.has(primaryCode(error));
}

function primaryCode(error: unknown): number {
  return ((error as { errcode?: number }).errcode ?? 0) & 0xff;
}

function refuseTruncated(db: DatabaseSync, path: string): void {
  if (path === ':memory:' || existsSync(`${path}-wal`)) return;
  const pages = Number(Object.values(db.prepare('pragma page_count').get() ?? {})[0]);
  const pageBytes = Number(Object.values(db.prepare('pragma page_size').get() ?? {})[0]);
  if (statSync(path).size < pages * pageBytes) throw new OperatorError(damaged(path));
}

function explainOpenFailure(path: string, error: unknown): Error {
  if (error instanceof OperatorError) return error;
  const code = primaryCode(error);
  const reason =
    code === 11 || code === 26
      ? damaged(path)
      : code === 5
        ? `The database ${path} is locked by another program. Stop that program and start again.`
        : `The database ${path} cannot be opened: ${(error as Error).message}. Check that its directory exists and may be written.`;
  return new OperatorError(reason, { cause: error });
}

function damaged(path: string): string {
  return `The database ${path} is damaged. Nothing was changed; restore the latest backup in its place (docs/operate.md).`;
}
