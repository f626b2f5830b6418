import { toAscii } from './ascii.ts';

/** What a name or an address is found by: in ASCII, in lower case, one space between words. "Zoë  Østergård" is found by "zoe ost". */
export function searchKey(text: string): string {
  return toAscii(text.normalize('NFKC')).toLowerCase().trim().replace(/\s+/g, ' ');
}

/** Last name first, as a support desk looks for people. */
export function personKey(first: string, last: string): string {
  return searchKey(`${last} ${first}`);
}

/** The end of the range of keys that begin like this one, whatever comes after. */
export function afterPrefix(key: string): string {
  return `${key}\u{10FFFF}`;
}
