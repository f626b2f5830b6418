import { findInvisible } from './invisible.ts';

export const TEXT_MAX_CHARACTERS = 255;

const CONTROL = /\p{Cc}/u;

/** What is wrong with a text (C13), or undefined: trimmed, not blank, at most 255 characters, no control or invisible character, no lone surrogate. */
export function findTextProblem(raw: string): string | undefined {
  return raw.trim() === '' ? 'must not be blank' : findOptionalTextProblem(raw);
}

/** As findTextProblem, for a text that may be blank. */
export function findOptionalTextProblem(raw: string): string | undefined {
  const problem = findCharacterProblem(raw);
  if (problem !== undefined) return problem;
  const invisible = findInvisible(raw.trim());
  return invisible === undefined ? undefined : `must not hold characters that nobody sees: leave out ${invisible}`;
}

/** What is wrong with a text that a program made and nobody reads, such as the id of a call. */
export function findCharacterProblem(raw: string): string | undefined {
  const text = raw.trim();
  if (!text.isWellFormed()) return 'must be valid Unicode: it holds half of a surrogate pair';
  if (CONTROL.test(text)) return 'must not hold control characters';
  // A character is at least one UTF-16 unit and at most two: count code points only where it matters.
  if (text.length > TEXT_MAX_CHARACTERS && [...text].length > TEXT_MAX_CHARACTERS) {
    return `must be at most ${TEXT_MAX_CHARACTERS} characters`;
  }
  return undefined;
}

/** An optional text: blank, null and missing are all "none". */
export function readOptionalText(raw: string | null | undefined): string | null {
  return raw?.trim() || null;
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/** Milliseconds since 1970 of an RFC 3339 time, or of the beginning of a day (UTC); undefined for anything else. */
export function readTime(text: string): number | undefined {
  const at = ISO_TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
