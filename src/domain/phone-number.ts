import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CountryCode } from './country.ts';

export interface PhoneNumber {
  /** `+` and digits: https://www.itu.int/rec/T-REC-E.164 */
  e164: string;
  /** Undefined where a number belongs to no country, such as +800. */
  country: CountryCode | undefined;
}

const MAX_CHARACTERS = 64;
const SIP_USER = /^sips?:([^@;:]+)/i;
/** What is read is remembered: a bridge asks for the same few numbers, and a caller comes back. */
const MAX_REMEMBERED = 10_000;
const remembered = new Map<string, PhoneNumber | undefined>();

/** A number as engines give it: `+14165550123`, `14165550123`, `sip:+14165550123@host`. Undefined for one that is withheld or is none. */
export function readPhoneNumber(given: string | undefined): PhoneNumber | undefined {
  if (given === undefined || given.length > MAX_CHARACTERS) return undefined;
  if (remembered.has(given)) return remembered.get(given);
  const number = parse(given);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(given, number);
  return number;
}

function parse(given: string): PhoneNumber | undefined {
  const text = (SIP_USER.exec(given)?.[1] ?? given).replace(/[\s().-]/g, '').replace(/^00/, '+');
  if (!/^\+?\d{7,15}$/.test(text)) return undefined;
  const number = parsePhoneNumberFromString(text.startsWith('+') ? text : `+${text}`);
  return number?.isPossible() ? { e164: number.number, country: number.country } : undefined;
}

/** Enough of it to recognise, and too little to call. */
export function maskNumber({ e164 }: PhoneNumber): string {
  return `${e164.slice(0, 4)}${'*'.repeat(Math.max(0, e164.length - 6))}${e164.slice(-2)}`;
}

/** As it is shown to somebody who wants to dial it. */
export function describeNumber(e164: string): { country: CountryCode | undefined; isTollFree: boolean; international: string } {
  const number = parsePhoneNumberFromString(e164);
  return {
    country: number?.country,
    isTollFree: number?.getType() === 'TOLL_FREE',
    international: number?.formatInternational() ?? e164,
  };
}
