import { chmodSync, closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

const OTHERS = 0o077;
const OWNER_ONLY = 0o600;
/** With which each file of SQLite's begins. */
const SQLITE = 'SQLite format 3\0';

/** Makes an empty file that its owner alone may read and write, whatever its directory and the umask are; or mends the mode of the one that is there. */
export function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', OWNER_ONLY));
  } catch {
    // It is there, or cannot be made, which whoever opens it says.
  }
  keepPrivate(path);
}

/**
 * Mends the mode of a file that is there and ours. By its path and not by opening it: who closes a file drops the locks that this process has on it, and SQLite's are such.
 * Somebody else's file is left as it is: `parley doctor` finds it.
 */
export function keepPrivate(path: string): void {
  try {
    if ((modeOf(path) & OTHERS) !== 0) chmodSync(path, OWNER_ONLY);
  } catch {
    // Not ours to change.
  }
}

/** The files of these that others may read or write, and of the directories every file of SQLite's, such as a backup. */
export function listReadableByOthers(files: readonly string[], directories: readonly string[]): string[] {
  const isOpen = (path: string): boolean => (modeOf(path) & OTHERS) !== 0;
  const found = directories.flatMap((directory) => listFiles(directory).filter((path) => isOpen(path) && isSqlite(path)));
  return [...new Set([...files.filter(isOpen), ...found])].toSorted();
}

function modeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
}

function listFiles(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(directory, entry.name)] : []));
  } catch {
    return [];
  }
}

function isSqlite(path: string): boolean {
  try {
    const file = openSync(path, 'r');
    const beginning = Buffer.alloc(SQLITE.length);
    try {
      return readSync(file, beginning) === SQLITE.length && beginning.toString('latin1') === SQLITE;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
