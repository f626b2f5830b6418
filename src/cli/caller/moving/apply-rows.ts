import { type Comparison, type Parley, ParleyError } from '../../../../sdk/src/index.ts';
import { carryOut, failed, isOfAll, refusalOf } from './carry-out.ts';
import { compare } from './decide-rows.ts';
import { Pace } from './pace.ts';
import type { RowResult, SheetRow } from './sheet-row.ts';
import type { Worksheet } from './worksheet.ts';

export interface ApplyLimits {
  /** Calls under way at most. */
  concurrency: number;
  /** Rows that fail before the run stops. */
  maxErrors: number;
  /** How long the server may give no useful answer before the run stops. */
  patienceMs: number;
}

export interface ApplyWatch {
  /** A row is dealt with. */
  tell: (done: number, pace: Pace) => void;
  signal: AbortSignal;
}

/** Why a run ended before its last row. What it has done is kept, and the next run goes on. */
export type Ending =
  | { kind: 'complete' }
  | { kind: 'interrupted' }
  | { kind: 'too many errors' }
  | { kind: 'no answer' | 'refused'; error: ParleyError };

const ROWS_AHEAD = 250;
/** How long results may wait to be written together. Those that are lost are carried out once more, which changes nothing. */
const WRITES_EVERY_MS = 100;

/** Carries out what is pending, with as many calls at once as the server takes. `isOld`: the plan is not of this run, so each row is compared once more before. */
export async function applyRows(
  sheet: Worksheet,
  parley: Parley,
  { concurrency, maxErrors, patienceMs }: ApplyLimits,
  { tell, signal }: ApplyWatch,
  isOld: boolean,
): Promise<Ending> {
  const pace = new Pace(concurrency);
  const queue = readAhead(sheet, parley, isOld);
  const waiting: [number, RowResult][] = [];
  let ending: Ending = { kind: 'complete' };
  let done = 0;
  let errors = 0;
  let lastAnswerAt = Date.now();
  const stop = new AbortController();
  const isOver = (): boolean => signal.aborted || stop.signal.aborted;
  const end = (reason: Ending): void => {
    if (ending.kind === 'complete') ending = reason;
    stop.abort();
  };

  const flush = (): void => {
    if (waiting.length === 0) return;
    sheet.write(() => {
      for (const [row, result] of waiting.splice(0)) sheet.finish(row, result);
    });
  };
  const timer = setInterval(flush, WRITES_EVERY_MS);
  const settle = (row: SheetRow, result: RowResult): void => {
    waiting.push([row.row, result]);
    if (result.outcome === 'failed' && ++errors >= maxErrors) end({ kind: 'too many errors' });
    tell(++done, pace);
  };

  const one = async (row: SheetRow): Promise<void> => {
    while (!isOver()) {
      if (pace.isResting(Date.now())) await pace.rest(Date.now(), AbortSignal.any([signal, stop.signal]));
      try {
        settle(row, await carryOut(parley, row));
        lastAnswerAt = Date.now();
        return pace.succeeded();
      } catch (error) {
        if (!(error instanceof ParleyError)) throw error;
        if (!error.isRetryable && isOfAll(error)) return end({ kind: 'refused', error });
        if (!error.isRetryable) {
          lastAnswerAt = Date.now();
          return settle(row, failed(row, refusalOf(error)));
        }
        if (Date.now() - lastAnswerAt > patienceMs) return end({ kind: 'no answer', error });
        pace.slowDown(Date.now(), error.retryAfterSeconds);
      }
    }
  };

  const underWay = new Set<Promise<void>>();
  try {
    for (;;) {
      while (underWay.size >= pace.limit) await Promise.race(underWay);
      const next = isOver() ? undefined : await queue.next();
      if (next === undefined || next.done) break;
      const { row, refusal } = next.value;
      if (refusal !== undefined) {
        settle(row, failed(row, refusal));
        continue;
      }
      const task: Promise<void> = one(row).finally(() => underWay.delete(task));
      underWay.add(task);
    }
    await Promise.all(underWay);
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    end({ kind: error.isRetryable ? 'no answer' : 'refused', error });
    await Promise.allSettled(underWay);
  } finally {
    clearInterval(timer);
    flush();
  }
  return signal.aborted ? { kind: 'interrupted' } : ending;
}

interface Checked {
  row: SheetRow;
  /** Why it is not carried out. */
  refusal: string | undefined;
}

async function* readAhead(sheet: Worksheet, parley: Parley, isOld: boolean): AsyncGenerator<Checked, void, undefined> {
  let after = 0;
  for (;;) {
    const rows = sheet.readPending(after, ROWS_AHEAD);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.row;
    const refusals = isOld ? await findStale(parley, rows) : new Map<number, string>();
    for (const row of rows) yield { row, refusal: refusals.get(row.row) };
  }
}

/** Rows whose client has changed since the plan was made. Where it has come nearer to what the row wants, as in a run that was broken off, there is nothing against it. */
async function findStale(parley: Parley, rows: readonly SheetRow[]): Promise<Map<number, string>> {
  const refusals = new Map<number, string>();
  const refuse = (row: SheetRow, now: string | undefined): void =>
    void refusals.set(row.row, `has changed since the plan was made (${now ?? 'gone'} now). Plan it again`);
  const withRecord = rows.filter(({ record }) => record !== null);
  const items = withRecord.length === 0 ? [] : await compare(parley, withRecord);
  for (const [at, row] of withRecord.entries()) if (!isAsPlanned(row, items[at])) refuse(row, items[at]?.outcome);
  for (const row of rows.filter(({ record }) => record === null)) {
    const client = await parley.clients.find({ clientId: row.clientId as number });
    const wanted = row.outcome === 'deactivate' ? 'inactive' : 'active';
    if (client === undefined || (client.updatedAt !== row.basis && client.status !== wanted)) refuse(row, client?.status);
  }
  return refusals;
}

function isAsPlanned({ outcome, detail }: SheetRow, item: Comparison | undefined): boolean {
  if (item === undefined || item.outcome === 'conflict' || item.outcome === 'invalid') return false;
  if (item.outcome === 'create' && outcome !== 'create') return false;
  return item.changes.every((change) =>
    detail.changes.some(
      ({ field, from, to }) => field === change.field && to === change.to && (from === change.from || field === 'status'),
    ),
  );
}
