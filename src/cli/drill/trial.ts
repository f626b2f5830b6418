import type { SandboxFaultKind } from '../../domain/sandbox-fault.ts';

/** One arrival of a request at the drill, and what became of it. */
export interface Attempt {
  atMs: number;
  /** Undefined where the connection broke before there was an answer. */
  status: number | undefined;
  retryAfterSeconds: number | undefined;
  endedAtMs: number;
  /** Path and the id of what it is about. */
  request: string;
  body: string;
}

export interface Verdict {
  fault: SandboxFaultKind;
  attempts: number;
  result: 'passed' | 'failed' | 'not met';
  remark: string;
}

/** A repeat that follows this fast after a failure is a storm where many callers do the same. */
const HASTY_MS = 50;
/** Clocks and timers are not exact. */
const TOLERANCE_MS = 150;

/** What to expect of a correct caller: docs/sandbox.md has the same, in words for its author. */
export function judge(fault: SandboxFaultKind, attempts: readonly Attempt[], others: readonly Attempt[]): Verdict {
  const [first, ...repeats] = attempts;
  const verdict = (result: Verdict['result'], remark: string): Verdict => ({ fault, attempts: attempts.length, result, remark });
  if (first === undefined) return verdict('not met', 'No request came.');
  if (repeats.some(({ body }) => body !== first.body))
    return verdict('failed', 'The repeat was another request: repeat the same, byte for byte.');
  const last = attempts.at(-1) as Attempt;
  if (last.status !== 200 && others.some(isSuccess))
    return verdict('failed', 'Instead of repeating, it asked for something else: a lost answer became a second client.');
  if (fault !== 'slow' && fault !== 'duplicate-delivery' && repeats.length === 0)
    return verdict('failed', 'It was not repeated: the record may be there, and its answer is lost.');
  for (const [i, repeat] of repeats.entries()) {
    const before = attempts[i] as Attempt;
    const waitedMs = repeat.atMs - before.endedAtMs;
    if (waitedMs + TOLERANCE_MS < (before.retryAfterSeconds ?? 0) * 1_000)
      return verdict(
        'failed',
        `Retry-After was ${before.retryAfterSeconds} s, and the repeat came after ${(waitedMs / 1_000).toFixed(1)} s.`,
      );
  }
  if (last.status !== 200) return verdict('failed', 'It gave up before there was an answer.');
  const isHasty = repeats.some((repeat, i) => repeat.atMs - (attempts[i] as Attempt).endedAtMs < HASTY_MS);
  return verdict('passed', isHasty ? 'It repeats without a pause: wait a little, a little longer each time, and not always as long.' : '');
}

function isSuccess({ status }: Attempt): boolean {
  return status === 200;
}
