import { setImmediate } from 'node:timers/promises';
import { OperatorError } from '../../domain/errors.ts';
import type { PostgresLocation, SqliteLocation } from '../../store/location.ts';
import { type TableDigest, TableDigester } from '../../store/move/digest.ts';
import { MoveSource } from '../../store/move/source.ts';
import type { MovedTable } from '../../store/move/moved-table.ts';
import { MOVED_TABLES } from '../../store/move/tables.ts';
import { MoveTarget, refuseMismatch } from '../../store/move/target.ts';

export interface MoveProgress {
  phase: 'copying' | 'verifying';
  table: string;
  /** Rows of this table, up to now. */
  tableRows: number;
  isTableDone: boolean;
  /** Rows of all tables, up to now and in the end; verifying reads each on both sides. */
  done: number;
  total: number;
}

export interface MovedStore {
  /** Undefined where this run has finished the move. */
  finishedBefore: number | undefined;
  tables: ({ table: string } & TableDigest)[];
}

interface Compared extends TableDigest {
  table: string;
  isSame: boolean;
}

/**
 * Moves everything that an SQLite file holds to an empty PostgreSQL database: all ids, and all that is sealed, as they are. Nobody opens the
 * target before both sides were read again and found the same. A run that dies leaves a part there, and a repeat goes on from it; a repeat
 * after the end compares again and changes nothing. The file stays as it is.
 */
export async function migrateStore(
  from: SqliteLocation,
  to: PostgresLocation,
  { now, onProgress }: { now: () => number; onProgress: (progress: MoveProgress) => void },
): Promise<MovedStore> {
  const source = MoveSource.open(from.path);
  try {
    const target = await MoveTarget.connect(to);
    try {
      const claim = await target.claim(source, now());
      const total = MOVED_TABLES.reduce((sum, table) => sum + source.count(table), 0);
      if (claim?.finishedAt === undefined) {
        await copy(source, target, counter('copying', total, onProgress));
        await target.continueIds(source.issuedIds());
      }
      const tables = await compare(source, target, counter('verifying', 2 * total, onProgress));
      const different = tables.filter(({ isSame }) => !isSame).map(({ table }) => table);
      if (different.length > 0) throw explainDifference(different.join(', '), claim);
      if (claim?.finishedAt === undefined) await target.finish(now());
      return { finishedBefore: claim?.finishedAt, tables: tables.map(({ table, rows, sha256 }) => ({ table, rows, sha256 })) };
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
}

async function copy(source: MoveSource, target: MoveTarget, count: Counter): Promise<void> {
  for (const table of MOVED_TABLES) {
    const copied = await target.findCopied(table);
    count(table, copied.rows);
    for (const rows of source.batches(table, copied.last)) {
      await target.insert(table, rows);
      count(table, rows.length);
    }
    count(table, 'done');
  }
}

async function compare(source: MoveSource, target: MoveTarget, count: Counter): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const table of MOVED_TABLES) {
    const [inFile, inTarget] = [new TableDigester(table), new TableDigester(table)];
    for (const rows of source.batches(table)) {
      inFile.add(rows);
      count(table, rows.length);
      // SQLite answers at once and would leave nobody else a turn.
      await setImmediate();
    }
    await target.read(table, (rows) => {
      inTarget.add(rows);
      count(table, rows.length);
    });
    count(table, 'done');
    const [wanted, found] = [inFile.finish(), inTarget.finish()];
    compared.push({ table: table.name, ...wanted, isSame: wanted.rows === found.rows && wanted.sha256 === found.sha256 });
  }
  return compared;
}

function explainDifference(tables: string, claim: { finishedAt: number | undefined } | undefined): OperatorError {
  if (claim?.finishedAt === undefined) return refuseMismatch(`the two differ in ${tables}`, { isResumed: claim !== undefined });
  return new OperatorError(
    `This move was finished at ${new Date(claim.finishedAt).toISOString()}, and the PostgreSQL database is in service since: it differs from the file in ${tables}. Nothing was changed.`,
  );
}

type Counter = (table: MovedTable, rows: number | 'done') => void;

function counter(phase: MoveProgress['phase'], total: number, onProgress: (progress: MoveProgress) => void): Counter {
  let [done, tableRows] = [0, 0];
  return ({ name }, rows) => {
    if (rows !== 'done') {
      done += rows;
      tableRows += rows;
    }
    onProgress({ phase, table: name, tableRows, isTableDone: rows === 'done', done, total });
    if (rows === 'done') tableRows = 0;
  };
}
