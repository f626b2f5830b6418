import { existsSync } from 'node:fs';
import { type Config, readConfig } from '../config.ts';
import { OperatorError } from '../domain/errors.ts';
import type { StoreLocation } from '../store/location.ts';
import { openExistingPostgres } from '../store/postgres/postgres-store.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';

/** Opens the store that the settings name, beside running servers too, for the time of one command. */
export async function withStore<T>(use: (store: Store, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig();
  const store = await openExisting(config.database);
  try {
    return await use(store, config);
  } finally {
    await store.close();
  }
}

async function openExisting(location: StoreLocation): Promise<Store> {
  if (location.engine === 'postgres') return openExistingPostgres(location);
  requireFile(location.path);
  return openSqliteStore(location.path);
}

export function requireFile(path: string): void {
  if (existsSync(path)) return;
  throw new OperatorError(`There is no database at ${path} yet. Start the server once, or set PARLEY_DATA_DIR to where it keeps its data.`);
}
