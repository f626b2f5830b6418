import { distance } from 'fastest-levenshtein';
import { loadAllNames } from './all-names.ts';
import type { CountryCode } from './country-table.ts';
import { listEnglish } from './english-table.ts';
import { keyOf, wordsOf } from './spelling.ts';
import { isCommonWord } from './titles.ts';

const MOST_CHARACTERS = 64;
const FEWEST_CHARACTERS = 4;

interface Candidate {
  code: CountryCode;
  key: string;
  words: readonly string[];
}

let candidates: readonly Candidate[] | undefined;

/** The words that tell one country from another, without what many of them call themselves. */
export function coreOf(words: readonly string[]): string[] {
  return words.filter((word) => !isCommonWord(word, distance));
}

/** The one country whose name is near in letters while no other's is as near, or undefined. */
export function findNearest(words: readonly string[]): CountryCode | undefined {
  const core = coreOf(words);
  // "United Kingdom" has no words but common ones.
  return (
    (core.length === 0 ? undefined : findNearestTo(core)) ??
    (core.length < words.length || core.length > 1 ? findNearestTo(words) : undefined)
  );
}

function findNearestTo(own: readonly string[]): CountryCode | undefined {
  const key = keyOf(own);
  // A Han character is a syllable or a word: two that differ are nothing like a typing error.
  if (key.length < FEWEST_CHARACTERS || key.length > MOST_CHARACTERS || /\p{Script=Han}/u.test(key)) return undefined;
  let best = Infinity;
  let nearest = new Set<CountryCode>();
  for (const candidate of (candidates ??= listCandidates())) {
    const most = mostEdits(candidate.key);
    if (Math.abs(candidate.key.length - key.length) > Math.min(most, best)) continue;
    const edits = distance(key, candidate.key);
    if (edits > most || edits > best || !areNear(own, candidate.words)) continue;
    if (edits < best) nearest = new Set();
    best = edits;
    nearest.add(candidate.code);
  }
  const [only] = nearest;
  return nearest.size === 1 ? only : undefined;
}

/** All words, where there are none but common ones ("United Kingdom"). */
function tellingWords(words: readonly string[]): readonly string[] {
  const core = coreOf(words);
  return core.length === 0 ? words : core;
}

function mostEdits(text: string): number {
  return Math.max(1, Math.floor(text.length / 4));
}

/** Word by word, so that a long word that two names share does not make up for one that differs. */
function areNear(own: readonly string[], others: readonly string[]): boolean {
  return own.length !== others.length || own.every((word, index) => distance(word, others[index] ?? '') <= Math.max(mostEdits(word), 2));
}

function listCandidates(): Candidate[] {
  const known = new Map<string, Candidate>();
  const english = listEnglish().map(([code, spelling]) => [code, wordsOf(spelling)] as const);
  for (const [code, all] of [...english, ...loadAllNames().native]) {
    const words = tellingWords(all);
    const key = keyOf(words);
    // Codes and initials are too short to be near anything but by chance.
    if (key.length >= FEWEST_CHARACTERS && words.every((word) => word.length > 1)) known.set(`${code} ${key}`, { code, key, words });
  }
  return [...known.values()];
}
