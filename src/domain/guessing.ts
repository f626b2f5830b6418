import { PASS_CODE_SPACE } from './pass-code.ts';

/** How much may be guessed. All of it counts misses that were looked up; right codes cost nothing. */
export interface GuessingLimits {
  triesPerCall: number;
  callerPerHour: number;
  numberPerHour: number;
  bridgePerHour: number;
  globalPerHour: number;
  tarpitMs: number;
  /** Answers held back at once, past which they are given at once. */
  tarpitMax: number;
}

export const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const FIRST_BLOCK_MS = 60_000;
const LONGEST_BLOCK_MS = DAY_HOURS * HOUR_MS;
/** Who was answered unread has this long to key the same code again. */
export const SECOND_CALL_MS = 30 * 60_000;
/** How long a caller is known to have been let in with a code. */
export const KNOWN_MS = 90 * DAY_HOURS * HOUR_MS;

/** Whose misses are counted together. */
export type SourceKind = 'caller' | 'number' | 'bridge' | 'global' | 'share' | 'second';
/** What a guess that is looked up is counted against: what is for everybody, or one of the reserves for second calls. */
export type Paying = 'budget' | 'share' | 'second';

/**
 * A leaky bucket, as the time at which it will be empty (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm): each miss moves that time on by an
 * hour over the hourly limit, so that it is full when it is an hour ahead, whatever the limit.
 */
export interface Bucket {
  emptyAt: number;
  strikes: number;
  blockedUntil: number;
}

export function intervalOf(perHour: number): number {
  return Math.ceil(HOUR_MS / perHour);
}

/** One more would be more than there may be in an hour. */
export function isFull({ emptyAt }: Bucket, perHour: number, at: number): boolean {
  return emptyAt - at > HOUR_MS - intervalOf(perHour);
}

/** Half full: somebody may be guessing, so each answer costs more. */
export function isUnderPressure({ emptyAt }: Bucket, perHour: number, at: number): boolean {
  return emptyAt - at > HOUR_MS / 2 - intervalOf(perHour);
}

/** How many misses are in it. */
export function levelOf({ emptyAt }: Bucket, perHour: number, at: number): number {
  return Math.round(Math.max(0, emptyAt - at) / intervalOf(perHour));
}

/** Of a caller whose bucket has run over: a minute, then twice as long each time, up to a day; a day without one is forgotten. */
export function nextBlock({ strikes, blockedUntil }: Bucket, at: number): { strikes: number; blockedUntil: number } {
  const next = blockedUntil > 0 && at - blockedUntil < LONGEST_BLOCK_MS ? strikes + 1 : 1;
  return { strikes: next, blockedUntil: at + Math.min(LONGEST_BLOCK_MS, FIRST_BLOCK_MS * 2 ** Math.min(next - 1, 16)) };
}

export interface Sources {
  caller: Bucket | undefined;
  number: Bucket | undefined;
  bridge: Bucket;
  global: Bucket;
  /** Of the number that was dialled, where it is one of ours. */
  share: Bucket | undefined;
  second: Bucket;
  /** How many numbers are in service. */
  numbers: number;
}

/** What a guess may cost, before anybody looks whether it is right. */
export type Evaluation =
  | { kind: 'evaluate'; pays: Paying; pressure: boolean }
  /** Answered as an unknown code is, unread. */
  | { kind: 'withhold'; by: SourceKind };

/**
 * A caller who was let in with this very code before is never kept out by what others, or somebody with that caller's number, have guessed. Whoever keys
 * the same code again while something is used up draws on a reserve: people do that, and a sweep through the codes does not. Half of the reserve is one for all
 * calls; of the other half each number has a share of its own, so that who draws on the reserve at some numbers keeps nobody out at the others.
 */
export function decideEvaluation(
  sources: Sources,
  limits: GuessingLimits,
  { at, isKnown, isSecondCall }: { at: number; isKnown: boolean; isSecondCall: boolean },
): Evaluation {
  if (isKnown) return { kind: 'evaluate', pays: 'budget', pressure: false };
  const pressure = SHARED.some((kind) => isOver(isUnderPressure, sources, limits, kind, at));
  const isBlocked = (sources.caller?.blockedUntil ?? 0) > at;
  const full = isBlocked ? 'caller' : (['caller', ...SHARED] as const).find((kind) => isOver(isFull, sources, limits, kind, at));
  if (full === undefined) return { kind: 'evaluate', pays: 'budget', pressure };
  const reserve = RESERVES.find((kind) => sources[kind] !== undefined && !isOver(isFull, sources, limits, kind, at));
  return isSecondCall && reserve !== undefined ? { kind: 'evaluate', pays: reserve, pressure } : { kind: 'withhold', by: full };
}

const SHARED = ['number', 'bridge', 'global'] as const satisfies readonly SourceKind[];
const RESERVES = ['share', 'second'] as const satisfies readonly SourceKind[];

function isOver(test: typeof isFull, sources: Sources, limits: GuessingLimits, kind: SourceKind, at: number): boolean {
  const bucket = sources[kind];
  return bucket !== undefined && test(bucket, perHourOf(limits, kind, sources.numbers), at);
}

/** Less than one for a share where numbers are many: there is none then, because a bucket holds an hour's worth. */
export function perHourOf(limits: GuessingLimits, kind: SourceKind, numbers: number): number {
  switch (kind) {
    case 'caller':
      return limits.callerPerHour;
    case 'number':
      return limits.numberPerHour;
    case 'bridge':
      return limits.bridgePerHour;
    case 'global':
      return limits.globalPerHour;
    case 'share':
      return reservePerHour(limits) / numbers;
    case 'second':
      return reservePerHour(limits);
  }
}

/** Of second calls: one for all of them, and as much divided among the numbers. */
function reservePerHour({ globalPerHour }: GuessingLimits): number {
  return Math.max(1, Math.floor(globalPerHour / 4));
}

/**
 * The most guesses that are looked up in a time, however many come from however many callers over however many numbers: what leaks out of the bucket and
 * the reserves that all of them share, and once what those hold. The guesses that are under way at the moment when one fills come on top, once: each of them is counted.
 */
export function mostGuesses(limits: GuessingLimits, hours: number): number {
  return (limits.globalPerHour + 2 * reservePerHour(limits)) * (hours + 1);
}

/** P(at least one hit) = 1 - exp(-gN/M), for g guesses at N codes among M: hits are rare and independent (Poisson). */
export function probabilityOfHit(guesses: number, codes: number): number {
  return -Math.expm1((-guesses * codes) / PASS_CODE_SPACE);
}

export function expectedHits(guesses: number, codes: number): number {
  return (guesses * codes) / PASS_CODE_SPACE;
}

/** How long a guesser who uses all that the limits allow, day and night, needs on average: M / (gN). */
export function daysToHit(limits: GuessingLimits, codes: number): number {
  const perDay = mostGuesses(limits, DAY_HOURS) - mostGuesses(limits, 0);
  return 1 / expectedHits(perDay, codes);
}

/** Below this the pool is too dense for the limits: metric, alarm and doctor's warning. */
export const SAFE_DAYS = 30;

/** How long an answer is held back, the longer the more often this call has missed. */
export function tarpitOf(limits: GuessingLimits, tries: number): number {
  return Math.min(limits.tarpitMs, 250 * 2 ** Math.min(tries, 8));
}

/** Under pressure a call has one try. */
export function triesOf(limits: GuessingLimits, pressure: boolean): number {
  return pressure ? 1 : limits.triesPerCall;
}
