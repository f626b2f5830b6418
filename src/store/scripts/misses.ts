import { HOUR_MS, intervalOf, isFull, isUnderPressure, levelOf, nextBlock, SECOND_CALL_MS } from '../../domain/guessing.ts';
import { originOfSystem } from '../../domain/journal.ts';
import type { Charge, Miss, RecordedMiss } from '../admission.ts';
import type { Row } from '../rows.ts';
import { type Columns, hexOf, insertPacked, pack } from './packed.ts';
import { append, type Dialect, query, type Script } from './script.ts';

const KEPT_MS = 24 * HOUR_MS;
/** One event for each source in this time. */
const ALARM_EVERY_MS = HOUR_MS;

/** Of a number of misses: of one call how many, what is charged to one bucket, whom it is known again by. */
interface Call {
  callKey: string;
  tries: number;
}
interface Charged extends Charge {
  times: number;
}

interface Statements {
  calls: string;
  pairs: string;
  buckets: string;
}
const SQL: Partial<Record<Dialect['name'], Statements>> = {};

function columnsOf(at: number) {
  const call: Columns<Call> = [
    ['call_key', 'text', ({ callKey }) => callKey],
    ['tries', 'number', ({ tries }) => tries],
    ['tried_at', 'number', () => at],
  ];
  const pair: Columns<Uint8Array> = [
    ['pair', 'bytes', (digest) => digest],
    ['tried_at', 'number', () => at],
    ['forget_at', 'number', () => at + SECOND_CALL_MS],
  ];
  const bucket: Columns<Charged> = [
    ['bucket', 'bytes', (charge) => charge.bucket],
    ['empty_at', 'number', ({ perHour, times }) => at + times * intervalOf(perHour)],
    ['strikes', 'number', () => 0],
    ['blocked_until', 'number', () => 0],
    ['alarmed_at', 'number', () => 0],
  ];
  return { call, pair, bucket };
}

function makeStatements(dialect: Dialect): Statements {
  const { call, pair, bucket } = columnsOf(0);
  return {
    calls: insertPacked(
      dialect,
      'call_tries',
      call,
      'on conflict (call_key) do update set tries = call_tries.tries + excluded.tries, tried_at = excluded.tried_at returning call_key, tries',
    ),
    pairs: insertPacked(
      dialect,
      'caller_pairs',
      pair,
      `on conflict (pair) do update set tried_at = excluded.tried_at,
         forget_at = case when caller_pairs.forget_at > excluded.forget_at then caller_pairs.forget_at else excluded.forget_at end`,
    ),
    // What was in it at the time, and what is charged: excluded.empty_at is both from now on.
    buckets: insertPacked(
      dialect,
      'guess_buckets',
      bucket,
      `on conflict (bucket) do update
         set empty_at = case when guess_buckets.empty_at > $2 then guess_buckets.empty_at - $2 else 0 end + excluded.empty_at
       returning bucket, empty_at, strikes, blocked_until, alarmed_at`,
    ),
  };
}

/** Misses that came together, in one transaction: all of them are charged to the same few buckets, which have one writer at a time. */
export function* recordMisses(dialect: Dialect, misses: readonly Miss[]): Script<RecordedMiss[]> {
  const at = Math.max(...misses.map((miss) => miss.at));
  const sql = (SQL[dialect.name] ??= makeStatements(dialect));
  const columns = columnsOf(at);
  const calls = new Map<string, Call>();
  const pairs = new Map<string, Uint8Array>();
  const buckets = new Map<string, Charged>();
  for (const { callKey, triedPair, charges } of misses) {
    calls.set(callKey, { callKey, tries: (calls.get(callKey)?.tries ?? 0) + 1 });
    if (triedPair !== undefined) pairs.set(hexOf(triedPair), triedPair);
    for (const one of charges) {
      const key = hexOf(one.bucket);
      buckets.set(key, { ...(buckets.get(key) ?? one), times: (buckets.get(key)?.times ?? 0) + 1 });
    }
  }
  const rows = yield* query(sql.calls, pack(columns.call, calls));
  const tries = new Map(rows.map((row) => [row.call_key as string, row.tries as number]));
  if (pairs.size > 0) yield* query(sql.pairs, pack(columns.pair, pairs));
  const alarms = buckets.size === 0 ? 0 : yield* alarm(yield* query(sql.buckets, pack(columns.bucket, buckets), at), buckets, at);
  const later = new Map(calls);
  return misses.map(({ callKey }, i) => {
    // Of several of one call each has a place of its own.
    const { tries: left } = later.get(callKey) as Call;
    later.set(callKey, { callKey, tries: left - 1 });
    return { tries: (tries.get(callKey) as number) - left + 1, alarms: i === 0 ? alarms : 0 };
  });
}

/** Blocks callers who have run over, and appends an event for each source that has one due. */
function* alarm(rows: readonly Row[], buckets: ReadonlyMap<string, Charged>, at: number): Script<number> {
  const due: NonNullable<Charge['alarm']>[] = [];
  for (const row of rows) {
    const { kind, bucket, perHour, alarm: told } = buckets.get(hexOf(row.bucket as Uint8Array)) as Charged;
    const after = { emptyAt: row.empty_at as number, strikes: row.strikes as number, blockedUntil: row.blocked_until as number };
    if (kind === 'caller' && isFull(after, perHour, at)) {
      const block = nextBlock(after, at);
      yield* query(
        'update guess_buckets set strikes = $2, blocked_until = $3 where bucket = $1',
        bucket,
        block.strikes,
        block.blockedUntil,
      );
    }
    if (told === undefined || !isUnderPressure(after, perHour, at) || (row.alarmed_at as number) > at - ALARM_EVERY_MS) continue;
    yield* query('update guess_buckets set alarmed_at = $2 where bucket = $1', bucket, at);
    due.push({ ...told, data: { ...told.data, misses: levelOf(after, perHour, at), limitPerHour: perHour } });
  }
  for (const { tenantId, data } of due.toSorted((a, b) => a.tenantId - b.tenantId)) {
    yield* append({ tenantId, at, origin: originOfSystem() }, [
      { type: 'admission.guessing_suspected', subject: 'tenant', data, details: undefined },
    ]);
  }
  return due.length;
}

/** What says nothing any more: a bucket that is empty and whose block is long over, tries of calls that have ended, callers of long ago. */
export function* forgetGuesses(at: number): Script<void> {
  yield* query('delete from guess_buckets where empty_at < $1 and blocked_until < $2', at, at - KEPT_MS);
  yield* query('delete from call_tries where tried_at < $1', at - KEPT_MS);
  yield* query('delete from caller_pairs where forget_at < $1', at);
}
