import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCHEMA_VERSION as POSTGRES_VERSION } from '../../src/store/postgres/migrations.ts';
import { SCHEMA_VERSION as SQLITE_VERSION } from '../../src/store/sqlite/migrations.ts';
import { queryDatabase, queryPostgres } from '../support/database.ts';
import { makeDataDir, startTestServer } from '../support/server.ts';

/** What PostgreSQL has for itself: the basis that a node decides from, and the tenant in every key so that tables can be partitioned. */
const OF_POSTGRES_ALONE: Readonly<Record<string, readonly string[]>> = {
  companies: ['revision'],
  clients: ['revision', 'status_revision'],
  hubs: ['tenant_id'],
  reservations: ['tenant_id'],
  pass_codes: ['tenant_id'],
  search_texts: ['grams', 'tenant_id'],
  moves: ['began_at', 'finished_at', 'move_id', 'source_identity', 'source_path'],
  parley_schema: ['version'],
};

/** SQLite keeps the index of the search in a table of FTS5, which makes others of its own; PostgreSQL indexes the column `grams`. */
const OF_SQLITE_ALONE = 'search_grams';

test('the migrations of the two stores are twins: as many steps, and the same tables and columns after them', async (t) => {
  const server = await startTestServer(t);
  const dataDir = makeDataDir();
  const twin = await startTestServer(t, { PARLEY_DATA_DIR: dataDir, PARLEY_DATABASE_URL: `sqlite:${dataDir}/parley.db` });
  const postgres = columnsByTable(
    await queryPostgres(
      server.settings.PARLEY_DATABASE_URL as string,
      `select table_name as "table", column_name as "column" from information_schema.columns where table_schema = 'public'`,
    ),
  );
  const sqlite = columnsByTable(
    await queryDatabase(
      { engine: 'sqlite', path: twin.databasePath },
      `select t.name as "table", c.name as "column" from sqlite_schema t, pragma_table_info(t.name) c
       where t.type = 'table' and t.name not like 'sqlite_%'`,
    ),
  );
  assert.ok(sqlite.has(OF_SQLITE_ALONE));
  const expected = new Map([...sqlite].filter(([table]) => !table.startsWith(OF_SQLITE_ALONE)));
  for (const [table, columns] of Object.entries(OF_POSTGRES_ALONE))
    expected.set(table, [...(expected.get(table) ?? []), ...columns].toSorted());
  assert.deepEqual(Object.fromEntries(postgres), Object.fromEntries([...expected].toSorted(([a], [b]) => a.localeCompare(b))));
  assert.equal(POSTGRES_VERSION, SQLITE_VERSION);
});

function columnsByTable(rows: Record<string, unknown>[]): Map<string, string[]> {
  const groups = Map.groupBy(rows as { table: string; column: string }[], ({ table }) => table);
  return new Map(
    [...groups]
      .map(([table, columns]): [string, string[]] => [table, columns.map(({ column }) => column).toSorted()])
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );
}
