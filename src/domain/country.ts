import { createRequire } from 'node:module';
import { distance } from 'fastest-levenshtein';
import countries from 'i18n-iso-countries';
import { COUNTRY_ALIASES, COUNTRY_RULES } from './country-rules.ts';

countries.registerLocale(createRequire(import.meta.url)('i18n-iso-countries/langs/en.json'));

/** ISO 3166-1 alpha-2. */
export type CountryCode = string;

/** Every spelling we know, folded, with the one country that it means. */
const BY_SPELLING = new Map<string, CountryCode>();
/** Spellings that mean several ("Congo"): unknown, and never resolved by a guess. */
const AMBIGUOUS = new Map<string, CountryCode[]>();
const ENGLISH_NAMES = countries.getNames('en', { select: 'official' });

for (const [code, spellings] of Object.entries(countries.getNames('en', { select: 'all' }))) {
  const alpha3 = countries.alpha2ToAlpha3(code) ?? code;
  for (const spelling of [code, alpha3, ...spellings, ...(COUNTRY_ALIASES[code] ?? [])]) {
    const key = fold(spelling);
    const known = BY_SPELLING.get(key);
    if (known !== undefined && known !== code) AMBIGUOUS.set(key, [...(AMBIGUOUS.get(key) ?? [known]), code]);
    BY_SPELLING.set(key, code);
  }
}
for (const key of AMBIGUOUS.keys()) BY_SPELLING.delete(key);

/** Recognises an English name, a common alias, or an alpha-2 or alpha-3 code, in any case and spacing (C23). */
export function findCountry(spelling: string): CountryCode | undefined {
  return BY_SPELLING.get(fold(spelling));
}

/** What is wrong where an address in this country has no state (C8), or undefined where it needs none. */
export function findMissingStateProblem(country: CountryCode): string | undefined {
  const rule = COUNTRY_RULES[country];
  return rule?.stateRequired ? `is required when contact.country is ${rule.inSentences}` : undefined;
}

/** Names that may be meant: all of an ambiguous spelling's, else the nearest one, or none where nothing is near enough. */
export function suggestCountries(spelling: string): string[] {
  const key = fold(spelling).slice(0, 64);
  const ambiguous = AMBIGUOUS.get(key);
  if (ambiguous !== undefined) return namesOf(ambiguous);
  let best: { code: CountryCode; edits: number } | undefined;
  for (const [candidate, code] of BY_SPELLING) {
    // Codes are too short to be near anything by chance.
    if (candidate.length < 4) continue;
    const edits = distance(key, candidate);
    if (edits <= Math.max(1, Math.floor(candidate.length / 3)) && edits < (best?.edits ?? Infinity)) best = { code, edits };
  }
  return best === undefined ? [] : namesOf([best.code]);
}

function namesOf(codes: readonly CountryCode[]): string[] {
  return codes.map((code) => ENGLISH_NAMES[code] ?? code);
}

function fold(spelling: string): string {
  return spelling
    .normalize('NFKD')
    .toLowerCase()
    .replace(/^\s*the\s+/, '')
    .replace(/&/g, 'and')
    .replace(/[^\p{L}\p{N}]/gu, '');
}
