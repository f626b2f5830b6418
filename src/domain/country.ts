import { loadAllNames } from './countries/all-names.ts';
import { findByCode } from './countries/codes.ts';
import type { CountryCode } from './countries/country-table.ts';
import { findEnglish, nameOf } from './countries/english-table.ts';
import { withoutUmlauts, wordsOf } from './countries/spelling.ts';
import { coreOf, findNearest } from './countries/suggestions.ts';
import { isTitleFree, withoutTitle } from './countries/titles.ts';
import { COUNTRY_RULES } from './country-rules.ts';
import { TEXT_MAX_CHARACTERS } from './text.ts';

export type { CountryCode } from './countries/country-table.ts';

/** For people who read another language than English. */
export function countryNameIn(country: CountryCode, language: string): string {
  return language === 'en' ? nameOf(country) : (new Intl.DisplayNames([language], { type: 'region' }).of(country) ?? nameOf(country));
}

/** What a spelling holds where it says the same thing twice: "Côte d'Ivoire (Ivory Coast)", "US - United States". */
const BETWEEN_PARTS = /[()[\]{}/|;:,،、]+|\s[-–—]\s/u;

/** Recognises a country by code or name, in any language, case, spacing and order of words (C23). */
export function findCountry(spelling: string): CountryCode | undefined {
  const meant = findMeant(spelling);
  return meant.length === 1 ? meant[0] : undefined;
}

/** The names of the countries that an ambiguous spelling means ("Congo"), or none where it means one or is unknown. */
export function listMeant(spelling: string): string[] {
  const meant = findMeant(spelling);
  return meant.length > 1 ? meant.map(nameOf) : [];
}

/** The names of the countries that an unknown spelling most likely means, or none where nothing is near enough or two are as near. */
export function suggestCountries(spelling: string): string[] {
  const words = wordsOf(spelling);
  const core = coreOf(words);
  const meant = core.length > 0 && core.length < words.length ? findMeant(core.join(' ')) : [];
  if (meant.length > 0) return meant.map(nameOf);
  const nearest = findNearest(words);
  return nearest === undefined ? [] : [nameOf(nearest)];
}

/** What is wrong where an address in this country has no state (C8), or undefined where it needs none. */
export function findMissingStateProblem(country: CountryCode): string | undefined {
  const rule = COUNTRY_RULES[country];
  return rule?.stateRequired ? `is required when contact.country is ${rule.inSentences}` : undefined;
}

function findMeant(spelling: string): readonly CountryCode[] {
  // Two UTF-16 units are at most one character: nothing longer is a text that we take.
  if (spelling.length > 2 * TEXT_MAX_CHARACTERS) return [];
  const meant = findMeantByAll(spelling);
  if (meant.length > 0) return meant;
  const parts = spelling.split(BETWEEN_PARTS).filter((part) => part.trim() !== '');
  if (parts.length === 0) return [];
  return parts.map(findMeantByAll).reduce((common, codes) => common.filter((code) => codes.includes(code)));
}

/** Codes win over names, and English names over those in other languages. */
function findMeantByAll(spelling: string): readonly CountryCode[] {
  const byCode = findByCode(spelling);
  if (byCode !== undefined) return [byCode];
  const words = wordsOf(spelling);
  const byName = findByName(spelling, words);
  if (byName.length > 0) return byName;
  const name = withoutTitle(words);
  const meant = name === undefined ? [] : findByName(name.join(' '), name);
  return meant.every(isTitleFree) ? meant : [];
}

function findByName(spelling: string, words: readonly string[]): readonly CountryCode[] {
  if (words.length === 0) return [];
  const english = findEnglish(words);
  if (english.length > 0) return english;
  const foreign = loadAllNames().find(spelling);
  if (foreign.length > 0) return foreign;
  const plain = withoutUmlauts(words);
  return plain === undefined ? [] : loadAllNames().find(plain.join(' '));
}
