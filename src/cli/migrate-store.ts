import { join } from 'node:path';
import type { Command } from 'commander';
import { type Config, readConfig, readStoreLocation } from '../config.ts';
import { OperatorError } from '../domain/errors.ts';
import { migrateStore, type MovedStore } from '../operations/store/migrate-store.ts';
import type { PostgresLocation, SqliteLocation, StoreLocation } from '../store/location.ts';
import { makeProgressDisplay } from './move-progress.ts';
import { JSON_OPTION, type OutputOptions, printJson, printLine, printTable, showTime } from './output.ts';
import { requireFile } from './store.ts';

interface MoveOptions extends OutputOptions {
  from?: string;
  to?: string;
}

/** The fewest that a node may have; the move itself uses one at a time. */
const CONNECTIONS = 3;
const SHOWN_DIGITS = 16;

export function addMigrateStoreCommand(move: Command): void {
  move
    .option('--from <url>', 'sqlite:<path of the file>; parley.db of the data directory, if left out')
    .option(
      '--to <url>',
      'postgres://...; PARLEY_DATABASE_URL (or the file that PARLEY_DATABASE_URL_FILE names), if left out, so that no password need be on the command line',
    )
    .option(...JSON_OPTION)
    .action(async (options: MoveOptions, command: Command) => {
      const config = readConfig();
      const from = readSource(options, config, command);
      const to = readTarget(options, config, command);
      requireFile(from.path);
      const display = makeProgressDisplay(options);
      const moved = await migrateStore(from, to, { now: Date.now, onProgress: (progress) => display.show(progress) }).finally(() =>
        display.stop(),
      );
      if (options.json)
        printJson({
          from: showLocation(from),
          to: showLocation(to),
          alreadyMoved: moved.finishedBefore !== undefined,
          tables: moved.tables,
        });
      else report(from, to, moved);
    });
}

function readSource({ from }: MoveOptions, { database, dataDir }: Config, command: Command): SqliteLocation {
  if (from === undefined) return database.engine === 'sqlite' ? database : { engine: 'sqlite', path: join(dataDir, 'parley.db') };
  const location = readOption('--from', from, command);
  if (location.engine === 'sqlite') return location;
  return command.error('error: --from must be sqlite:<path of a file>: a PostgreSQL database is not moved from here.');
}

function readTarget({ to }: MoveOptions, { database }: Config, command: Command): PostgresLocation {
  const location = to === undefined ? database : readOption('--to', to, command);
  if (location.engine === 'postgres') return location;
  if (to !== undefined) return command.error('error: --to must be postgres://<user>:<password>@<host>/<database>.');
  throw new OperatorError('Say where to: set PARLEY_DATABASE_URL to postgres://<user>:<password>@<host>/<database>, or give it as --to.');
}

/** Commander's own refusal would print the value, and with it a password. */
function readOption(name: string, url: string, command: Command): StoreLocation {
  const problems: string[] = [];
  const location = readStoreLocation(url, { name, connections: CONNECTIONS }, problems);
  return problems.length === 0 ? location : command.error(`error: ${problems.join('\n')}`);
}

function report(from: SqliteLocation, to: PostgresLocation, { tables, finishedBefore }: MovedStore): void {
  printTable(
    ['Table', 'Rows', 'SHA-256 of both'],
    tables.map(({ table, rows, sha256 }) => [table, String(rows), `${sha256.slice(0, SHOWN_DIGITS)}…`]),
  );
  if (finishedBefore !== undefined) {
    printLine(`This move was finished at ${showTime(finishedBefore)} already, and both sides are the same still. Nothing was changed.`);
    return;
  }
  printLine(`Everything in ${from.path} is now in ${showLocation(to)}, and was read back and compared. Next:

  1. Set PARLEY_DATABASE_URL to the PostgreSQL database, on every node.
  2. Bring every node the master key: master.key into its data directory, or PARLEY_MASTER_KEY. It is not in the database.
  3. Start the nodes: parley serve
  4. Keep ${from.path} as a backup, and never start a server on it again: both would give the same ids to different clients.`);
}

/** Without the user and the password. */
function showLocation(location: StoreLocation): string {
  if (location.engine === 'sqlite') return `sqlite:${location.path}`;
  const { host, pathname } = new URL(location.url.reveal());
  return `postgres://${host}${pathname}`;
}
