// Not the package's own entry, which reads the names in all languages.
import countries from 'i18n-iso-countries/index.js';
import type { CountryCode } from './country-table.ts';

/** Codes in use beside ISO 3166-1's, which has none of its own for Kosovo. */
const MORE_CODES: Readonly<Record<string, CountryCode>> = { XKX: 'XK' };

const BY_CODE = new Map<string, CountryCode>(Object.entries(MORE_CODES));
for (const [alpha2, alpha3] of Object.entries(countries.getAlpha2Codes())) {
  BY_CODE.set(alpha2, alpha2).set(alpha3, alpha2);
  const numeric = countries.alpha2ToNumeric(alpha2);
  if (numeric !== undefined) BY_CODE.set(String(Number(numeric)), alpha2);
}

/** "Not available" is nobody's country, though "NA" is Namibia's code. */
const NOT_AVAILABLE = /^\W*n[\W_]+a\W*$/i;
const PUNCTUATION = /[.\s()[\]{}"',;:]+/g;

/** The country of an alpha-2, alpha-3 or numeric code: in any case, with dots, spaces or brackets, with leading zeros or without. */
export function findByCode(spelling: string): CountryCode | undefined {
  if (NOT_AVAILABLE.test(spelling)) return undefined;
  const code = spelling.normalize('NFKC').toUpperCase().replace(PUNCTUATION, '');
  if (/^\d{1,3}$/.test(code)) return BY_CODE.get(String(Number(code)));
  return /^[A-Z]{2,3}$/.test(code) ? BY_CODE.get(code) : undefined;
}

export function listCodes(): CountryCode[] {
  return Object.keys(countries.getAlpha2Codes());
}
