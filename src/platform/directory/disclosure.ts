import type { PasswordDisclosure } from '../../domain/caller.ts';

export const DISCLOSURE_WINDOW_MS = 24 * 60 * 60 * 1000;

/** Whether a repeat still carries the password (C21). The answer that creates a client always does: else nobody would ever know it. */
export function isDisclosed(disclosure: PasswordDisclosure, passwordSetAt: number, now: number): boolean {
  return disclosure === 'always' || (disclosure === 'window' && now - passwordSetAt < DISCLOSURE_WINDOW_MS);
}
