import { randomInt } from 'node:crypto';
import { Secret } from './secret.ts';

export type Role = 'moderator' | 'participant';

const LOWEST = 1_000_000_000;
const HIGHEST = 9_999_999_999;

/** How many codes there are to draw from, before the guessable ones are left out: the denominator of the pool's density. */
export const PASS_CODE_SPACE = HIGHEST - LOWEST + 1;

/** Ten digits from a CSPRNG, first digit 1-9, no easily guessed pattern (C24). Uniqueness is the store's to enforce. */
export function drawPassCode(): Secret {
  for (;;) {
    const code = String(randomInt(LOWEST, HIGHEST + 1));
    if (!isEasilyGuessed(code)) return new Secret(code);
  }
}

/**
 * Patterns that people try first: two distinct digits or fewer (1111111111, 1212121212), a run of six in sequence either way
 * (1234567890, 9876543210, 4912345678), five equal in a row, one half repeating or mirroring the other (1234512345, 1234554321),
 * five equal pairs (1122334455).
 */
export function isEasilyGuessed(code: string): boolean {
  if (new Set(code).size <= 2) return true;
  const half = code.length / 2;
  const [head, tail] = [code.slice(0, half), code.slice(half)];
  if (head === tail || head === [...tail].toReversed().join('')) return true;
  if (/^(?:(\d)\1){5}$/.test(code)) return true;
  return longestRun(code, 0) >= 5 || longestRun(code, 1) >= 6 || longestRun(code, -1) >= 6;
}

/** The most digits in a row that each differ from the one before by `step`, 9 and 0 being neighbours. */
function longestRun(code: string, step: number): number {
  let longest = 1;
  let run = 1;
  for (let i = 1; i < code.length; i++) {
    const expected = (Number(code[i - 1]) + step + 10) % 10;
    run = Number(code[i]) === expected ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}
