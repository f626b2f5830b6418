import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { findByCode, listCodes } from '../src/domain/countries/codes.ts';
import { findEnglish, listEnglish } from '../src/domain/countries/english-table.ts';
import { accentedKeyOf, keyOf, wordsOf } from '../src/domain/countries/spelling.ts';

/**
 * Writes `src/domain/countries/all-names.json`: the names of all countries in all languages, from CLDR, from i18n-iso-countries and from our own list
 * (`scripts/native-country-names.json`: official names in a country's own languages, and parts of the United Kingdom in others').
 * Where two countries share a name, a name in a language of the country wins over a foreign one, and CLDR over the other library; what is still shared is given to both.
 */
const require = createRequire(import.meta.url);
const TIERS = ['native', 'cldr', 'library'] as const;
type Tier = (typeof TIERS)[number];

interface Spelling {
  code: string;
  name: string;
  tier: Tier;
}

interface TerritoryInfo {
  [code: string]: { languagePopulation?: Record<string, { _officialStatus?: string }> };
}

const codes = new Set(listCodes());
const ENGLISH_KEYS = listEnglish().map(([code, spelling]) => ({ code, key: keyOf(wordsOf(spelling)) }));

function readNative(): Spelling[] {
  const names = require('./native-country-names.json') as Record<string, string[]>;
  return Object.entries(names).flatMap(([code, list]) => list.map((name): Spelling => ({ code, name, tier: 'native' })));
}

function readCldr(): Spelling[] {
  const { supplemental } = require('cldr-core/supplemental/territoryInfo.json') as { supplemental: { territoryInfo: TerritoryInfo } };
  const root = join(dirname(require.resolve('cldr-localenames-full/package.json')), 'main');
  return readdirSync(root).flatMap((locale) => {
    if (!readdirSync(join(root, locale)).includes('territories.json')) return [];
    const file = JSON.parse(readFileSync(join(root, locale, 'territories.json'), 'utf8')) as {
      main: Record<string, { localeDisplayNames: { territories: Record<string, string> } }>;
    };
    const names = file.main[locale]?.localeDisplayNames.territories ?? {};
    return Object.entries(names).flatMap(([key, name]): Spelling[] => {
      // A key such as "CI-alt-variant" holds another name of the same country.
      const [code = ''] = key.split('-');
      if (!codes.has(code) || name === code) return [];
      return [{ code, name, tier: isOfficial(supplemental.territoryInfo, code, locale) ? 'native' : 'cldr' }];
    });
  });
}

function isOfficial(info: TerritoryInfo, code: string, locale: string): boolean {
  const [language] = locale.split('-');
  return Object.entries(info[code]?.languagePopulation ?? {}).some(
    ([spoken, { _officialStatus }]) => _officialStatus !== undefined && spoken.split('_')[0] === language,
  );
}

function readLibrary(): Spelling[] {
  const root = join(dirname(require.resolve('i18n-iso-countries/package.json')), 'langs');
  return readdirSync(root).flatMap((file) => {
    const { countries } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { countries: Record<string, string | string[]> };
    return Object.entries(countries).flatMap(([code, names]) => [names].flat().map((name): Spelling => ({ code, name, tier: 'library' })));
  });
}

const spellings = [...readNative(), ...readCldr(), ...readLibrary()].filter(({ name }) => wordsOf(name).length > 0);

/** The countries of each key, by how much its spelling is to be believed. */
const byKey = Map.groupBy(spellings, ({ name }) => keyOf(wordsOf(name)));
const native: Record<string, Set<string>> = {};
const foreign: Record<string, Set<string>> = {};
const accented: Record<string, string> = {};

for (const sharing of byKey.values()) {
  const best = TIERS.find((tier) => sharing.some((one) => one.tier === tier));
  for (const { code, name, tier } of sharing) {
    const words = wordsOf(name);
    const key = accentedKeyOf(name);
    const hasAccents = key !== keyOf(words);
    const isKnown = (!hasAccents && codeLike(name) !== undefined) || findEnglish(words).length > 0;
    const isDangerous = tier !== 'native' && looksLikeAnother(code, keyOf(words));
    if (hasAccents && (isDangerous || (codeLike(name) ?? code) !== code)) accented[key] = code;
    else if (!isKnown && (tier === best || sharing.every((one) => one.code === code))) {
      const into = tier === 'native' ? native : foreign;
      (into[code] ??= new Set()).add(words.join(' '));
    }
  }
}

/** Whether a name without its accents may be a typing error in another country's English name: Latvian "Nigēra" is Niger, and "Nigera" more likely Nigeria. */
function looksLikeAnother(code: string, key: string): boolean {
  return (
    key.length > 4 &&
    ENGLISH_KEYS.some(
      ({ code: other, key: english }) => other !== code && Math.abs(english.length - key.length) < 2 && distance(english, key) === 1,
    )
  );
}

/** The country whose code a name looks like without its accents. */
function codeLike(name: string): string | undefined {
  return findByCode(name.normalize('NFKD').replaceAll(/\p{M}/gu, ''));
}

const sortedNames = (names: Record<string, Set<string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(names)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, set]) => [code, [...set].toSorted().join('|')]),
  );

const file = {
  native: sortedNames(native),
  foreign: sortedNames(foreign),
  accented,
};
writeFileSync(new URL('../src/domain/countries/all-names.json', import.meta.url), `${JSON.stringify(file, null, 1)}\n`);
