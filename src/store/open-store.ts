import type { StoreLocation } from './location.ts';
import type { PostgresOptions } from './postgres/postgres-store.ts';
import { openSqliteStore, type SqliteOptions } from './sqlite/sqlite-store.ts';
import type { Store } from './store.ts';

export interface StoreOptions {
  onGroup?: (size: number) => void;
  /** For the benchmark: other ways of committing, on the same server. */
  sqlite?: Pick<SqliteOptions, 'limits' | 'startWriter'>;
  postgres?: Pick<PostgresOptions, 'limits'>;
}

/** Opens the store of a server, and makes or migrates what is there. */
export async function openStore(location: StoreLocation, { onGroup = () => {}, sqlite, postgres }: StoreOptions = {}): Promise<Store> {
  if (location.engine === 'sqlite') return openSqliteStore(location.path, { ...sqlite, onGroup });
  const { openPostgresStore } = await import('./postgres/postgres-store.ts');
  return openPostgresStore(location, { ...postgres, onGroup });
}
