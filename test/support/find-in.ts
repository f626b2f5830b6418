import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE } from './database.ts';
import type { TestServer } from './server.ts';

/** Every value of every table on PostgreSQL; every byte of every file on SQLite. */
export async function findIn(server: TestServer, words: readonly string[]): Promise<string[]> {
  if (ENGINE === 'sqlite') {
    const files = readdirSync(server.dataDir).map((name) => join(server.dataDir, name));
    const contents = files.filter((file) => existsSync(file)).map((file) => readFileSync(file));
    return words.filter((word) => contents.some((bytes) => bytes.includes(word)));
  }
  const tables = await server.query(`select table_name from information_schema.tables where table_schema = 'public'`);
  const found = new Set<string>();
  for (const { table_name: table } of tables)
    for (const { row } of await server.query(`select t::text as row from "${String(table)}" t`))
      for (const word of words) if (String(row).includes(word) || String(row).includes(Buffer.from(word).toString('hex'))) found.add(word);
  return [...found];
}
