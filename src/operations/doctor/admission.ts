import type { Config } from '../../config.ts';
import { isToldCodes } from '../../domain/bridge.ts';
import { daysToHit, mostGuesses, probabilityOfHit, SAFE_DAYS } from '../../domain/guessing.ts';
import { PASS_CODE_SPACE } from '../../domain/pass-code.ts';
import type { Store } from '../../store/store.ts';
import { type Finding, ok, warning } from './finding.ts';

/** One random code in ten thousand opens something: an attacker with a thousand tries a day gets in within a fortnight. */
const DENSE_POOL = 1e-4;

export async function checkPool(store: Store): Promise<Finding> {
  const codes = await store.countPassCodes();
  const density = codes / PASS_CODE_SPACE;
  const detail = codes === 0 ? 'empty' : `${codes} pass codes: one random code in ${Math.round(1 / density)} is somebody's`;
  return density > DENSE_POOL
    ? warning('pass codes', `${detail}. Guessing becomes cheap: limit tries at the bridges.`)
    : ok('pass codes', detail);
}

/** The promise of docs/admission.md, computed for this pool and these limits. */
export async function checkGuessing(store: Store, { guessing }: Config): Promise<Finding> {
  const codes = await store.countPassCodes();
  if (codes === 0) return ok('guessing', 'no pass code to guess yet');
  const perDay = mostGuesses(guessing, 24) - mostGuesses(guessing, 0);
  const days = daysToHit(guessing, codes);
  const yearly = probabilityOfHit(perDay * 365, codes);
  const shown = days >= 10 ? Math.round(days).toLocaleString('en') : days.toPrecision(2);
  const detail =
    `a guesser who uses all ${perDay.toLocaleString('en')} guesses a day that the limits allow needs ${shown} days for one of ${codes.toLocaleString('en')} codes on average; ` +
    `within a year one is found with a probability of ${(yearly * 100).toPrecision(2)} %`;
  return days < SAFE_DAYS
    ? warning('guessing', `${detail}. Lower PARLEY_ADMISSION_MISSES_PER_HOUR: docs/admission.md`)
    : ok('guessing', detail);
}

/** Where an engine compares codes itself, Parley hears of no guess. */
export async function checkToldCodes(store: Store): Promise<Finding[]> {
  const told = (await store.admission.listBridgesOf('livekit')).filter((bridge) => bridge.revokedAt === undefined && isToldCodes(bridge));
  return told.map(({ name }) =>
    warning(
      'told codes',
      `LiveKit compares the codes of the bridge "${name}" itself, and no limit on guesses holds there. Limit calls at the trunk's provider: docs/bridges/livekit.md`,
    ),
  );
}
