import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { Client, types } from 'pg';
import { readConfig } from '../../src/config.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { StoreLocation } from '../../src/store/location.ts';

/** Which store the suites run on: `npm run test:postgres` runs them on the other one. */
export const ENGINE = process.env.TEST_STORE === 'postgres' ? 'postgres' : 'sqlite';

/** Has the schema and nothing else: hundreds of tests need not each make it. */
const MIGRATED = 'migrated';

/** Settings for a new database without a record: on SQLite that is the data directory's own. */
export async function databaseSettings(): Promise<Record<string, string>> {
  return ENGINE === 'postgres' ? { PARLEY_DATABASE_URL: await createDatabase(MIGRATED) } : {};
}

/** A new, empty database on the cluster that was started for this run. */
export async function createTestDatabase(): Promise<string> {
  return createDatabase('template1');
}

/** Once for each cluster, before the tests. */
export async function makeMigratedDatabase(cluster: string): Promise<void> {
  await queryPostgres(cluster, `create database ${MIGRATED}`);
  const store = await openStore(readConfig({ PARLEY_DATABASE_URL: addressOf(cluster, MIGRATED) }).database);
  await store.close();
}

async function createDatabase(template: string): Promise<string> {
  const cluster = process.env.TEST_POSTGRES;
  if (cluster === undefined) throw new Error('TEST_POSTGRES names no cluster: run these tests by npm run test:postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await queryPostgres(cluster, `create database ${name} template ${template}`);
  return addressOf(cluster, name);
}

function addressOf(cluster: string, name: string): string {
  const url = new URL(cluster);
  url.pathname = name;
  return url.href;
}

/** One statement beside whatever runs. Rows look alike on both engines: numbers for BIGINT and booleans, plain objects. */
export async function queryDatabase(location: StoreLocation, sql: string): Promise<Record<string, unknown>[]> {
  return location.engine === 'sqlite' ? querySqlite(location.path, sql) : queryPostgres(location.url.reveal(), sql);
}

function querySqlite(path: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(path, { timeout: 5_000 });
  try {
    return db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    db.close();
  }
}

const BOOL = 16;
const INT8 = 20;

export async function queryPostgres(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({
    connectionString: url,
    types: {
      getTypeParser: (oid: number) => {
        if (oid === BOOL) return (text: string) => Number(text === 't');
        return oid === INT8 ? Number : types.getTypeParser(oid);
      },
    },
  });
  await client.connect();
  try {
    return (await client.query(sql)).rows.map((row) => ({ ...row }));
  } finally {
    await client.end();
  }
}
