import { OperatorError } from '../../domain/errors.ts';
import type { Database, Query } from './database.ts';

/** That the records of an SQLite file were moved in here. Unfinished until all of them have come and were compared. */
export interface Move {
  sourcePath: string;
  /** Tells one file from another, whatever their names are. */
  sourceIdentity: string;
  finishedAt: number | undefined;
}

const MOVE = 'select source_path, source_identity, finished_at from moves';

export async function findMove(query: Query): Promise<Move | undefined> {
  const [row] = await query(MOVE);
  return row && { sourcePath: row.source_path, sourceIdentity: row.source_identity, finishedAt: row.finished_at ?? undefined };
}

/** Half a directory would give clients that exist new codes. */
export async function refuseUnfinishedMove(database: Database): Promise<void> {
  const move = await findMove((text) => database.query(text));
  if (move === undefined || move.finishedAt !== undefined) return;
  throw new OperatorError(
    `This PostgreSQL database holds a part of ${move.sourcePath}, and the rest has not come yet. Run parley migrate-store again: it goes on where it stopped.`,
  );
}
