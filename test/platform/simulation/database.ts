import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createTenant } from '../../../src/operations/access/create-tenant.ts';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { prepareCommit } from '../../../src/store/sqlite/writer.ts';
import type { Store } from '../../../src/store/store.ts';
import { Vault } from '../../../src/vault/vault.ts';

/** Ids for one course of events. */
const RANGE = 100;

/** The real store in a file in memory, written to in this thread; one serves many courses, each with clients of its own. */
export interface Database {
  store: Store;
  vault: Vault;
  /** Where the next course's time begins. */
  clock: number;
  nextRange(): number;
  execute: (sql: string, ...values: (number | null)[]) => void;
  countOperations(): number;
  /** What a course that went wrong has left. */
  forget(): void;
  close(): Promise<void>;
}

export async function openDatabase(): Promise<Database> {
  const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const directory = mkdtempSync(join(memory, 'parley-simulation-'));
  const path = join(directory, 'parley.db');
  const store = openSqliteStore(path, {
    startWriter: () => {
      const db = openConnection(path, 'write');
      const commit = prepareCommit(db);
      return { isAlive: true, commit: async (group) => commit(group), close: async () => db.close() };
    },
  });
  await createTenant(store, { name: 'default' }, 1);
  const beside = new DatabaseSync(path);
  const count = beside.prepare('select count(*) as n from operations');
  let range = 1_000_000;
  return {
    store,
    vault: new Vault(randomBytes(32), randomBytes(32)),
    clock: 1_000_000_000_000,
    nextRange: () => (range += RANGE),
    execute: (sql, ...values) => void beside.prepare(sql).run(...values),
    countOperations: () => Number(count.get()?.n),
    forget: () => beside.exec('delete from operations'),
    async close() {
      beside.close();
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
