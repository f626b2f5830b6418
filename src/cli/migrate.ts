import type { Command } from 'commander';
import { SCHEMA_VERSION } from '../store/sqlite/migrations.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine } from './output.ts';
import { withStore } from './store.ts';

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database up to date without serving; a start does the same, and a repeat does nothing')
    .option(...JSON_OPTION)
    .action(async (options: OutputOptions) => {
      await withStore(async () => {});
      if (options.json) printJson({ schemaVersion: SCHEMA_VERSION });
      else printLine(`The database has schema ${SCHEMA_VERSION}, which is up to date.`);
    });
}
