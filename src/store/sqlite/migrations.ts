import type { DatabaseSync } from 'node:sqlite';
import { OperatorError } from '../../domain/errors.ts';
import { personKey, searchKey } from '../../domain/search.ts';
import { directory } from './migrations/0001-directory.ts';
import { journal } from './migrations/0002-journal.ts';
import { resources } from './migrations/0003-resources.ts';
import { ending } from './migrations/0004-ending.ts';
import { operations } from './migrations/0005-operations.ts';
import { webhooks } from './migrations/0006-webhooks.ts';
import { admission } from './migrations/0007-admission.ts';
import { engineRooms } from './migrations/0008-engine-rooms.ts';
import { search } from './migrations/0009-search.ts';
import { bridges } from './migrations/0010-bridges.ts';
import { roomDoors } from './migrations/0011-room-doors.ts';

/** In order; what has been released is never edited. */
const MIGRATIONS: readonly string[] = [
  directory,
  journal,
  resources,
  ending,
  operations,
  webhooks,
  admission,
  engineRooms,
  search,
  bridges,
  roomDoors,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** "Prly": tells a Parley database from any other SQLite file. */
const APPLICATION_ID = 0x50_72_6c_79;

/** Brings the schema up to date and returns how many steps that took. Two processes that start together take turns at the write lock. */
export function migrate(db: DatabaseSync): number {
  db.function('search_key', { deterministic: true }, (text) => searchKey(String(text)));
  db.function('person_key', { deterministic: true }, (first, last) => personKey(String(first), String(last)));
  // Of no effect within a transaction, and in the way of a table that is made anew.
  db.exec('pragma foreign_keys = off');
  db.exec('begin immediate');
  try {
    const version = readVersion(db);
    for (const step of MIGRATIONS.slice(version)) db.exec(step);
    if (version === 0) db.exec(`pragma application_id = ${APPLICATION_ID}`);
    db.exec(`pragma user_version = ${SCHEMA_VERSION}`);
    if (version > 0 && version < SCHEMA_VERSION) requireWholeReferences(db);
    db.exec('commit');
    return SCHEMA_VERSION - version;
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  } finally {
    db.exec('pragma foreign_keys = on');
  }
}

function requireWholeReferences(db: DatabaseSync): void {
  const broken = db.prepare('pragma foreign_key_check').get();
  if (broken !== undefined) throw new OperatorError(`Rows of "${broken.table}" refer to what is not there: nothing was changed.`);
}

function readVersion(db: DatabaseSync): number {
  const version = readPragma(db, 'user_version');
  const isEmpty = db.prepare('select 1 from sqlite_schema limit 1').get() === undefined;
  const isOurs = readPragma(db, 'application_id') === APPLICATION_ID;
  if (!isEmpty && !isOurs) throw new OperatorError('This SQLite file is not a Parley database. Point PARLEY_DATABASE_URL elsewhere.');
  if (version > SCHEMA_VERSION) {
    throw new OperatorError(
      `This database has schema ${version} and this Parley knows ${SCHEMA_VERSION}: it was made by a newer version. Upgrade Parley.`,
    );
  }
  return version;
}

function readPragma(db: DatabaseSync, name: string): number {
  return Number(Object.values(db.prepare(`pragma ${name}`).get() ?? {})[0]);
}
