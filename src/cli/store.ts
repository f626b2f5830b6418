import { type Config, readConfig } from '../config.ts';
import { OperatorError } from '../domain/errors.ts';
import { existsSync } from 'node:fs';
import { openSqliteStore, type SqliteStore } from '../store/sqlite/sqlite-store.ts';

/** Opens the store that the settings name, beside a running server too, for the time of one command. */
export async function withStore<T>(use: (store: SqliteStore, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig();
  if (!existsSync(config.databasePath)) {
    throw new OperatorError(
      `There is no database at ${config.databasePath} yet. Start the server once, or set PARLEY_DATA_DIR to where it keeps its data.`,
    );
  }
  const store = openSqliteStore(config.databasePath);
  try {
    return await use(store, config);
  } finally {
    await store.close();
  }
}
