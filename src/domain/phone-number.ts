import type { CountryCode } from './country.ts';
import { onFirstUse } from './on-first-use.ts';
import { readTelephoneAddress } from './telephone-address.ts';

export interface PhoneNumber {
  /** `+` and digits: https://www.itu.int/rec/T-REC-E.164 */
  e164: string;
  /** Undefined where a number belongs to no country, such as +800. */
  country: CountryCode | undefined;
}

/** Who calls: a number, or somebody who has none. Neither where the caller is withheld. */
export interface CallingParty {
  number: PhoneNumber | undefined;
  /** By which this caller is the same caller the next time. */
  identity: string | undefined;
}

type Region = import('libphonenumber-js/max').CountryCode;

/** Numbering plans of all countries: some megabytes. */
const metadata = onFirstUse<typeof import('libphonenumber-js/max')>('libphonenumber-js/max');

/** What is read is remembered: a bridge asks for the same few numbers, and a caller comes back. */
const MAX_REMEMBERED = 10_000;
const remembered = new Map<string, CallingParty>();

/** Below this many digits it is an extension or a service of somebody's own; countries with shorter numbers have at least as many. */
const LEAST_NATIONAL_DIGITS = 5;
const DIGITS = /^\+?\d{5,20}$/;

/**
 * Who calls, as networks and engines give it (docs/admission.md): an international number with `+`, with a prefix that is dialled in `region`, or with neither; or a
 * national number of `region`. `region` is the country in which the call arrives, where it is known.
 */
export function readCallingParty(given: string | undefined, region: CountryCode | undefined): CallingParty {
  if (given === undefined) return { number: undefined, identity: undefined };
  const key = `${region ?? ''}|${given}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const party = parse(given, region);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(key, party);
  return party;
}

/** As readCallingParty, where only a number will do. */
export function readPhoneNumber(given: string | undefined, region?: CountryCode): PhoneNumber | undefined {
  return readCallingParty(given, region).number;
}

function parse(given: string, region: CountryCode | undefined): CallingParty {
  const { subscriber, prefix, identity, isWithheld } = readTelephoneAddress(given);
  if (isWithheld) return { number: undefined, identity: undefined };
  const text = prefix === undefined || subscriber.startsWith('+') ? subscriber : prefix + subscriber;
  const number = DIGITS.test(text) ? parseDigits(text, region) : undefined;
  return { number, identity: number?.e164 ?? identity };
}

function parseDigits(text: string, region: CountryCode | undefined): PhoneNumber | undefined {
  // No country's code begins with 0: a plus before it was put there by something that puts it before everything.
  const isInternational = /^\+[1-9]/.test(text);
  if (isInternational) return text.length > 7 ? read(text, undefined, 'possible') : undefined;
  const digits = text.replace('+', '');
  const asInternational = `+${digits.replace(/^(00|011)/, '')}`;
  const canBeLong = digits.length >= 7;
  const asNational = (as: 'valid' | 'possible'): PhoneNumber | undefined =>
    region !== undefined && digits.length >= LEAST_NATIONAL_DIGITS ? read(digits, region, as) : undefined;
  const national = asNational('valid');
  if (national !== undefined && !lacksTrunkPrefix(national, digits)) return national;
  const international = canBeLong ? read(asInternational, undefined, 'valid') : undefined;
  return international ?? national ?? (canBeLong ? asNational('possible') : undefined);
}

/** In most countries a national number begins with a prefix (0) where it is written or handed on as one; without it, it is more likely an international one without `+`. */
function lacksTrunkPrefix({ e164 }: PhoneNumber, digits: string): boolean {
  const number = metadata().parsePhoneNumberFromString(e164);
  return number?.nationalNumber === digits && number.formatNational().replace(/\D/g, '') !== digits;
}

function read(text: string, region: CountryCode | undefined, as: 'valid' | 'possible'): PhoneNumber | undefined {
  const number = metadata().parsePhoneNumberFromString(text, { defaultCountry: region as Region });
  const isGood = as === 'valid' ? number?.isValid() : number?.isPossible();
  return number !== undefined && isGood ? { e164: number.number, country: number.country } : undefined;
}

/** What is wrong with a country in which national numbers are to be read, or undefined. */
export function findRegionProblem(region: string): string | undefined {
  return /^[A-Z]{2}$/.test(region) && metadata().isSupportedCountry(region)
    ? undefined
    : 'must be the two letters of a country, such as CA';
}

/** Enough of it to recognise, and too little to call. */
export function maskNumber({ e164 }: PhoneNumber): string {
  return `${e164.slice(0, 4)}${'*'.repeat(Math.max(0, e164.length - 6))}${e164.slice(-2)}`;
}

/** As it is shown to somebody who wants to dial it. */
export function describeNumber(e164: string): { country: CountryCode | undefined; isTollFree: boolean; international: string } {
  const number = metadata().parsePhoneNumberFromString(e164);
  return {
    country: number?.country,
    isTollFree: number?.getType() === 'TOLL_FREE',
    international: number?.formatInternational() ?? e164,
  };
}
