import type { Call } from '../domain/admission.ts';
import { type Bridge } from '../domain/bridge.ts';
import { decideEvaluation, type Evaluation, type GuessingLimits, KNOWN_MS, SECOND_CALL_MS, tarpitOf, triesOf } from '../domain/guessing.ts';
import type { AdmissionFound } from '../store/admission.ts';
import { type AskedCall, chargesOf, readCall } from './asked-call.ts';
import type { AdmissionDesk } from './desk.ts';

/** Somebody says something that may be a secret. Whether it is looked at is decided before anybody knows whether it is right. */
export interface Guess {
  asked: AskedCall;
  found: AdmissionFound;
  evaluation: Evaluation;
}

/** `digits`: what was said; the same said again by the same caller is known again. */
export async function weighGuess(desk: AdmissionDesk, bridge: Bridge, call: Call & { digits: string }, at: number): Promise<Guess> {
  const asked = readCall(desk.vault, bridge, call, { digits: call.digits, defaultRegion: desk.defaultRegion });
  const found = await desk.store.admission.find(asked.query);
  const evaluation = evaluateGuess(desk.limits, asked, found, at);
  if (evaluation.kind === 'withhold') desk.counts.withheld(evaluation.by);
  return { asked, found, evaluation };
}

export function evaluateGuess(
  limits: GuessingLimits,
  { query, number }: AskedCall,
  { buckets, dialled, pair }: AdmissionFound,
  at: number,
): Evaluation {
  const isRecent = (since: number | undefined, ms: number): boolean => since !== undefined && at - since < ms;
  const ours = { caller: query.buckets.caller && buckets.caller, number: number && buckets.number, share: dialled.known && buckets.share };
  return decideEvaluation({ ...buckets, ...ours, numbers: dialled.numbers }, limits, {
    at,
    isKnown: isRecent(pair.admittedAt, KNOWN_MS),
    isSecondCall: isRecent(pair.triedAt, SECOND_CALL_MS),
  });
}

/** Counts a guess that was wrong, or was not looked at, and evens out how long that took. Returns how many tries are left. */
export async function countMiss(
  desk: AdmissionDesk,
  bridge: Bridge,
  { asked, found, evaluation }: Guess,
  { at, startedAt }: { at: number; startedAt: number },
): Promise<number> {
  const isUnread = evaluation.kind === 'withhold';
  const { tries, alarms } = await desk.store.admission.recordMiss({
    at,
    callKey: asked.query.callKey,
    triedPair: isUnread ? asked.query.pair : undefined,
    charges: isUnread ? [] : chargesOf(desk.limits, bridge, asked, found, evaluation.pays),
  });
  for (let i = 0; i < alarms; i++) desk.counts.alarmed();
  const isPressed = isUnread || evaluation.pressure;
  await desk.tarpit.levelOut(performance.now() - startedAt);
  if (isPressed) await desk.tarpit.hold(tarpitOf(desk.limits, tries));
  return triesOf(desk.limits, isPressed) - tries;
}
