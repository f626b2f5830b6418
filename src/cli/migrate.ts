import type { Command } from 'commander';
import { SCHEMA_VERSION } from '../store/sqlite/migrations.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine } from './output.ts';
import { readConfig } from '../config.ts';
import { openStore } from '../store/open-store.ts';
import { requireFile } from './store.ts';

export function addMigrateCommand(migrate: Command): void {
  migrate.option(...JSON_OPTION).action(async (options: OutputOptions) => {
    const { database } = readConfig();
    // A file appears with its server; a PostgreSQL may be prepared by somebody with more rights than the nodes have.
    if (database.engine === 'sqlite') requireFile(database.path);
    await (await openStore(database)).close();
    if (options.json) printJson({ schemaVersion: SCHEMA_VERSION });
    else printLine(`The database has schema ${SCHEMA_VERSION}, which is up to date.`);
  });
}
