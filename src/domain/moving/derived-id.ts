import { createHash } from 'node:crypto';

const BITS = 52n;

/**
 * A whole number for a text that tells one record from another, such as a UUID: the first 52 bits of its SHA-256, so that it fits what JSON keeps exactly. The same
 * text always has the same number, here and anywhere else. Two of a million texts share one with a probability of 0.01 % (n²/2^53), and reading the file tells of it.
 */
export function deriveId(text: string): number {
  const digest = createHash('sha256').update(text.trim().toLowerCase()).digest().readBigUInt64BE();
  return Number(digest >> (64n - BITS)) || 1;
}
