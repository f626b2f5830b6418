import { HOUR_MS, intervalOf, isFull, isUnderPressure, levelOf, nextBlock, SECOND_CALL_MS } from '../../domain/guessing.ts';
import { originOfSystem } from '../../domain/journal.ts';
import type { Charge, Miss, RecordedMiss } from '../admission.ts';
import { append, query, type Script } from './script.ts';

const KEPT_MS = 24 * HOUR_MS;
/** One event for each source in this time. */
const ALARM_EVERY_MS = HOUR_MS;

export function* recordMiss({ at, callKey, triedPair, charges }: Miss): Script<RecordedMiss> {
  const [call] = yield* query(
    `insert into call_tries (call_key, tries, tried_at) values ($1, 1, $2)
     on conflict (call_key) do update set tries = call_tries.tries + 1, tried_at = $2 returning tries`,
    callKey,
    at,
  );
  if (triedPair !== undefined) {
    yield* query(
      `insert into caller_pairs (pair, tried_at, forget_at) values ($1, $2, $3)
       on conflict (pair) do update set tried_at = $2, forget_at = case when caller_pairs.forget_at > $3 then caller_pairs.forget_at else $3 end`,
      triedPair,
      at,
      at + SECOND_CALL_MS,
    );
  }
  const due: Charge[] = [];
  for (const one of charges) if (yield* charge(one, at)) due.push(one);
  for (const { alarm } of due) {
    if (alarm === undefined) continue;
    yield* append({ tenantId: alarm.tenantId, at, origin: originOfSystem() }, [
      { type: 'admission.guessing_suspected', subject: 'tenant', data: alarm.data, details: undefined },
    ]);
  }
  return { tries: call?.tries as number, alarms: due.length };
}

/** True where an event is due for it. */
function* charge({ kind, bucket, perHour, alarm }: Charge, at: number): Script<boolean> {
  const [row] = yield* query(
    `insert into guess_buckets (bucket, empty_at, strikes, blocked_until, alarmed_at) values ($1, $2, 0, 0, 0)
     on conflict (bucket) do update set empty_at = case when guess_buckets.empty_at > $3 then guess_buckets.empty_at else $3 end + $4
     returning empty_at, strikes, blocked_until, alarmed_at`,
    bucket,
    at + intervalOf(perHour),
    at,
    intervalOf(perHour),
  );
  const { empty_at: emptyAt, alarmed_at: alarmedAt } = row as Record<string, number>;
  const after = { emptyAt: emptyAt as number, strikes: row?.strikes as number, blockedUntil: row?.blocked_until as number };
  if (kind === 'caller' && isFull(after, perHour, at)) {
    const block = nextBlock(after, at);
    yield* query('update guess_buckets set strikes = $2, blocked_until = $3 where bucket = $1', bucket, block.strikes, block.blockedUntil);
  }
  if (alarm === undefined || !isUnderPressure(after, perHour, at) || (alarmedAt as number) > at - ALARM_EVERY_MS) return false;
  yield* query('update guess_buckets set alarmed_at = $2 where bucket = $1', bucket, at);
  Object.assign(alarm.data, { misses: levelOf(after, perHour, at), limitPerHour: perHour });
  return true;
}

/** What says nothing any more: a bucket that is empty and whose block is long over, tries of calls that have ended, callers of long ago. */
export function* forgetGuesses(at: number): Script<void> {
  yield* query('delete from guess_buckets where empty_at < $1 and blocked_until < $2', at, at - KEPT_MS);
  yield* query('delete from call_tries where tried_at < $1', at - KEPT_MS);
  yield* query('delete from caller_pairs where forget_at < $1', at);
}
