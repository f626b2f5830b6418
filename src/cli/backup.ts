import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { OperatorError } from '../domain/errors.ts';
import { backUp } from '../operations/store/back-up.ts';
import { openSqliteReader, openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine } from './output.ts';
import { requireFile } from './store.ts';

export function addBackupCommand(backup: Command): void {
  backup.option(...JSON_OPTION).action(async (file: string, options: OutputOptions) => {
    const path = resolve(file);
    const { database } = readConfig();
    if (database.engine !== 'sqlite') {
      throw new OperatorError(
        'PostgreSQL makes its own backups: pg_dump, or pg_basebackup with WAL archiving. See docs/deploy.md, "Back up".',
      );
    }
    requireFile(database.path);
    const store = openSqliteStore(database.path);
    const counts = await backUp(store, path, openSqliteReader).finally(() => store.close());
    if (options.json) return printJson({ path, ...counts });
    printLine(`Backed up ${counts.clients} clients of ${counts.companies} companies to ${path}, and verified it.`);
    printLine('It does not hold the master key: keep master.key (or PARLEY_MASTER_KEY) safe elsewhere, or nobody can read its secrets.');
  });
}
