import { OperatorError } from '../../domain/errors.ts';
import type { PostgresLocation } from '../location.ts';
import { Database, PostgresError, type Query } from '../postgres/database.ts';
import { migrate } from '../postgres/migrations.ts';
import { findMove, type Move } from '../postgres/moves.ts';
import type { MoveSource } from './source.ts';
import type { MovedTable } from './moved-table.ts';
import { BATCH_ROWS, MOVED_TABLES, type MovedRow, readMovedRow } from './tables.ts';

const STATEMENT_MS = 60_000;
/** A table of millions of rows is sorted before its first row comes. */
const READ_MS = 3_600_000;
/** PostgreSQL's class of errors for constraints. */
const CONSTRAINT = /^23/;

export interface Copied {
  rows: number;
  /** The highest key among them. */
  last: (string | number | Uint8Array)[] | undefined;
}

/** The PostgreSQL database that is moved to. Until `finish` no server and no command opens it. */
export class MoveTarget {
  readonly #database: Database;
  #isResumed = false;

  private constructor(database: Database) {
    this.#database = database;
  }

  static async connect(location: PostgresLocation): Promise<MoveTarget> {
    return new MoveTarget(await Database.connect(location));
  }

  /** Claims an empty database for this source, or finds it claimed: what it answers was there before. Whatever else is there stays as it is. */
  async claim({ path, identity }: MoveSource, now: number): Promise<Move | undefined> {
    return this.#run(async () => {
      // Before the schema is touched: a database in service may have to keep an older one.
      await this.#transaction(async (query) => {
        const [{ hasTables }] = (await query(
          `select to_regclass('parley_schema') is not null and to_regclass('moves') is not null as "hasTables"`,
        )) as [{ hasTables: boolean }];
        return hasTables ? findClaim(query, identity) : undefined;
      });
      await migrate(this.#database);
      return this.#transaction(async (query) => {
        await query('lock table moves in exclusive mode');
        const claim = await findClaim(query, identity);
        this.#isResumed = claim !== undefined;
        if (claim !== undefined) return claim;
        // Another move may have been finished here, of a file with nothing in it.
        await query('delete from moves');
        await query('insert into moves (move_id, source_path, source_identity, began_at) values (1, $1, $2, $3)', [path, identity, now]);
        return undefined;
      });
    });
  }

  /** What earlier runs have brought: batches in the order of the key, each whole or not at all. */
  async findCopied({ name, key, isPresent }: MovedTable): Promise<Copied> {
    if (isPresent) return { rows: 0, last: undefined };
    return this.#run(() =>
      this.#transaction(async (query) => {
        // What a run that was killed was still writing is in or out by then.
        await query(`lock table ${name} in share mode`);
        const [{ rows }] = (await query(`select count(*) as rows from ${name}`)) as [{ rows: number }];
        const descending = key.map((column) => `${column} desc`).join(', ');
        const [highest] = await query(`select ${key.join(', ')} from ${name} order by ${descending} limit 1`);
        return { rows, last: highest && key.map((column) => highest[column]) };
      }, READ_MS),
    );
  }

  async insert({ name, key, columns, isRevised, isPresent }: MovedTable, rows: readonly MovedRow[]): Promise<void> {
    const list = columns.join(', ');
    const [into, drawn] = isRevised ? [`${list}, revision`, `${list}, 1 + floor(random() * ((1::bigint << 47) - 1))`] : [list, list];
    const others = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
    const present = isPresent ? `on conflict (${key.join(', ')}) do update set ${others.join(', ')}` : '';
    await this.#run(() =>
      this.#transaction((query) =>
        query(`insert into ${name} (${into}) select ${drawn} from json_populate_recordset(null::${name}, $1::json) ${present}`, [
          JSON.stringify(rows),
        ]),
      ),
    );
  }

  /** The next id of each table comes after the highest that was ever given. */
  async continueIds(issued: ReturnType<MoveSource['issuedIds']>): Promise<void> {
    await this.#run(() =>
      this.#transaction(async (query) => {
        for (const { table, highest } of issued) {
          if (highest > 0) await query(`select setval(pg_get_serial_sequence($1, $2), $3)`, [table.name, table.key[0] as string, highest]);
        }
        await query(`analyze ${MOVED_TABLES.map(({ name }) => name).join(', ')}`);
      }, READ_MS),
    );
  }

  /** All rows of a table, in the order of its key. */
  async read({ name, key, columns }: MovedTable, visit: (rows: MovedRow[]) => void): Promise<void> {
    await this.#run(() =>
      this.#transaction(async (query) => {
        await query(`declare moved no scroll cursor for select ${columns.join(', ')} from ${name} order by ${key.join(', ')}`);
        for (let isOver = false; !isOver;) {
          const rows = await query(`fetch ${BATCH_ROWS} from moved`);
          if (rows.length > 0) visit(rows.map(readMovedRow));
          isOver = rows.length < BATCH_ROWS;
        }
      }, READ_MS),
    );
  }

  async finish(now: number): Promise<void> {
    await this.#run(() =>
      this.#transaction(async (query) => {
        // With this commit everything before it is on disk too, whatever the role's or the database's default is.
        await query(`select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'`);
        await query('update moves set finished_at = $1', [now]);
      }),
    );
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  #transaction<T>(work: (query: Query) => Promise<T>, timeoutMs = STATEMENT_MS): Promise<T> {
    return this.#database.transaction(timeoutMs, work);
  }

  #explain(error: PostgresError): OperatorError {
    if (CONSTRAINT.test(error.sqlState ?? '')) {
      return refuseMismatch('some of its rows do not fit to those copied before', { isResumed: this.#isResumed, cause: error });
    }
    return new OperatorError(
      `PostgreSQL says "${error.message}", and that ended this. Nothing is lost: see to it, and run parley migrate-store again; it goes on where it stopped.`,
      { cause: error },
    );
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof PostgresError ? this.#explain(error) : error;
    }
  }
}

/** The move that holds this database, if it is one of this source. */
async function findClaim(query: Query, identity: string): Promise<Move | undefined> {
  const move = await findMove(query);
  if (move?.sourceIdentity === identity) return move;
  if (move !== undefined && move.finishedAt === undefined) {
    throw new OperatorError(
      `The PostgreSQL database holds a part of another file, ${move.sourcePath}. Finish that move, or make an empty database for this one.`,
    );
  }
  const [{ inService }] = (await query('select exists (select from tenants) or exists (select from wrapped_keys) as "inService"')) as [
    { inService: boolean },
  ];
  if (!inService) return undefined;
  throw new OperatorError(
    'The PostgreSQL database is in service already, and nothing was changed. Make an empty one (createdb), and move to that.',
  );
}

/** What is copied and what is in the file do not go together, and the file is the one that is whole. */
export function refuseMismatch(how: string, { isResumed, cause }: { isResumed: boolean; cause?: Error }): OperatorError {
  const sentence = isResumed
    ? `The SQLite file has changed since its first part was copied: ${how}. Make the PostgreSQL database anew (dropdb, createdb) and run parley migrate-store again, without a server on the file in between.`
    : `The copy cannot be taken into service: ${how}, and nothing changed the file meanwhile. Go on with the file, and see what parley doctor says of it.`;
  return new OperatorError(sentence, { cause });
}
