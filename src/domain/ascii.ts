import { onFirstUse } from './on-first-use.ts';

const anyAscii = onFirstUse<typeof import('any-ascii')>('any-ascii');
const BEYOND_ASCII = /\P{ASCII}/u;

/** In Latin letters without marks, whatever script it was written in. */
export function toAscii(text: string): string {
  return BEYOND_ASCII.test(text) ? anyAscii().default(text) : text;
}
