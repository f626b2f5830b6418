import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { Client, types } from 'pg';
import type { StoreLocation } from '../../src/store/location.ts';

/** Which store the suites run on: `npm run test:postgres` runs them on the other one. */
export const ENGINE = process.env.TEST_STORE === 'postgres' ? 'postgres' : 'sqlite';

/** Settings for a new, empty database: on SQLite that is the data directory's own. */
export async function databaseSettings(): Promise<Record<string, string>> {
  return ENGINE === 'postgres' ? { PARLEY_DATABASE_URL: await createTestDatabase() } : {};
}

/** A new, empty database on the cluster that was started for this run. */
export async function createTestDatabase(): Promise<string> {
  const cluster = process.env.TEST_POSTGRES;
  if (cluster === undefined) throw new Error('TEST_POSTGRES names no cluster: run these tests by npm run test:postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await queryPostgres(cluster, `create database ${name}`);
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
