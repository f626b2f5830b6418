import { OperatorError } from '../../domain/errors.ts';
import type { Database, Query } from './database.ts';
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

/** In order, each the twin of SQLite's; what has been released is never edited. */
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

/** A large database may take long to be changed. */
const MIGRATION_MS = 3_600_000;
const SCHEMA_READ_MS = 4_000;
/** "Prly", so that two nodes that start together take turns. */
const MIGRATION_LOCK = 0x50_72_6c_79;

/** Brings the schema up to date and returns how many steps that took. All in one transaction: a start that dies leaves the old schema. */
export async function migrate(database: Database): Promise<number> {
  return database.transaction(MIGRATION_MS, async (query) => {
    await query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const version = await readVersion(query);
    if (version === 0) await query('create table parley_schema (version integer not null); insert into parley_schema values (0)');
    for (const step of MIGRATIONS.slice(version)) await query(step);
    if (version < SCHEMA_VERSION) await query('update parley_schema set version = $1', [SCHEMA_VERSION]);
    return SCHEMA_VERSION - version;
  });
}

/** For those who come to a database that a server has prepared. */
export async function requireSchema(database: Database): Promise<void> {
  const version = await database.transaction(SCHEMA_READ_MS, readVersion);
  if (version === 0)
    throw new OperatorError('There is no Parley in this PostgreSQL database yet. Start the server once, or run: parley migrate');
  if (version < SCHEMA_VERSION)
    throw new OperatorError(`This database has schema ${version} and this Parley needs ${SCHEMA_VERSION}. Run: parley migrate`);
}

/** 0 where there is none yet. */
async function readVersion(query: Query): Promise<number> {
  const [server] = await query(`select current_setting('server_version_num')::integer as version`);
  if (server.version < 150_000) throw new OperatorError('Parley needs PostgreSQL 15 or later.');
  const [present] = await query(`select to_regclass('parley_schema') is not null as ours, to_regclass('clients') is not null as theirs`);
  if (!present.ours && present.theirs) {
    throw new OperatorError(
      'This PostgreSQL database holds the tables of another program. Give Parley a database of its own (createdb parley).',
    );
  }
  if (!present.ours) return 0;
  const [{ version }] = (await query('select version from parley_schema')) as [{ version: number }];
  if (version > SCHEMA_VERSION) {
    throw new OperatorError(
      `This database has schema ${version} and this Parley knows ${SCHEMA_VERSION}: it was made by a newer version. Upgrade Parley.`,
    );
  }
  return version;
}
