import { resolve } from 'node:path';
import type { Command } from 'commander';
import { backUp } from '../operations/back-up.ts';
import { openSqliteReader } from '../store/sqlite/sqlite-store.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine } from './output.ts';
import { withStore } from './store.ts';

export function addBackupCommand(program: Command): void {
  program
    .command('backup <file>')
    .description('copy the database to a new file while the server runs, and verify the copy')
    .option(...JSON_OPTION)
    .action(async (file: string, options: OutputOptions) => {
      const path = resolve(file);
      const counts = await withStore((store) => backUp(store, path, openSqliteReader));
      if (options.json) return printJson({ path, ...counts });
      printLine(`Backed up ${counts.clients} clients of ${counts.companies} companies to ${path}, and verified it.`);
      printLine('It does not hold the master key: keep master.key (or PARLEY_MASTER_KEY) safe elsewhere, or nobody can read its secrets.');
    });
}
