import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import countries from 'i18n-iso-countries';
import { listCodes } from '../../src/domain/countries/codes.ts';
import { listEnglish, nameOf } from '../../src/domain/countries/english-table.ts';
import { findCountry, listMeant, suggestCountries } from '../../src/domain/country.ts';
import { AMBIGUOUS, NO_COUNTRIES, NOT_SUGGESTED, SPELLINGS, SUGGESTED, USA } from './spellings.ts';

const require = createRequire(import.meta.url);
const CODES = listCodes();
/** Names that are another country's code, or that another language gives to another country: `is` says which one we read. */
const OTHERWISE: Readonly<Record<string, string>> = {
  AS: 'AS',
  'A.S': 'AS',
  GT: 'GT',
  Guyane: 'GF',
  KM: 'KM',
  Nga: 'NG',
  RU: 'RU',
  'R.U.': 'RU',
  'R. U.': 'RU',
  SA: 'SA',
  SJ: 'SJ',
  Ssudan: 'SS',
  ssudan: 'SS',
};

function wrong(pairs: Iterable<readonly [spelling: string, code: string]>): string[] {
  return [...pairs]
    .filter(([spelling, code]) => findCountry(spelling) !== code)
    .map(([spelling, code]) => `${spelling}: ${findCountry(spelling)}, not ${code}`);
}

test('every code of ISO 3166-1 is read, in any case, with leading zeros or without', () => {
  const pairs = CODES.flatMap((code) => {
    const alpha3 = countries.alpha2ToAlpha3(code) as string;
    const numeric = countries.alpha2ToNumeric(code) as string;
    const forms = [code, alpha3, numeric, String(Number(numeric)), numeric.padStart(3, '0')];
    return forms.flatMap((form) => [form, form.toLowerCase(), ` ${form} `, `(${form})`]).map((form) => [form, code] as const);
  });
  assert.deepEqual(wrong(pairs), []);
});

test('every English name is read in capitals, without accents, inverted, in brackets, and with or without "the"', () => {
  const pairs = listEnglish()
    .filter(([, name]) => listMeant(name).length === 0)
    .flatMap(([code, name]) => {
      const [, title, place] =
        /^(.*\b(?:Republic|State|States|Kingdom|Principality|Union|Commonwealth) of) (?:the )?(.*)$/.exec(name) ?? [];
      const forms = [name, name.toUpperCase(), name.toLowerCase(), name.normalize('NFD').replaceAll(/\p{Mn}/gu, '')];
      if (name.length > 3) forms.push(`The ${name}`, `${name}, The`);
      if (title !== undefined)
        forms.push(
          `${place}, ${title}`,
          `${place} (${title})`,
          `${place} ${title}`,
          `${place}, ${title} the`,
          `${place} (the ${title} the)`,
        );
      return forms.map((form) => [form, code] as const);
    });
  assert.deepEqual(wrong(pairs), []);
});

test('every name of CLDR is read, in all languages: as its country, as one of those that it means, or as the code that it looks like', () => {
  const root = join(dirname(require.resolve('cldr-localenames-full/package.json')), 'main');
  const names = new Map<string, Set<string>>();
  for (const locale of readdirSync(root)) {
    if (!readdirSync(join(root, locale)).includes('territories.json')) continue;
    const { main } = JSON.parse(readFileSync(join(root, locale, 'territories.json'), 'utf8'));
    for (const [key, name] of Object.entries<string>(main[locale].localeDisplayNames.territories)) {
      const code = key.slice(0, 2);
      if (!CODES.includes(code) || key.length === 3 || name === code) continue;
      names.set(name, (names.get(name) ?? new Set()).add(code));
    }
  }
  assertRead(names);
});

test('every name that the runtime knows is read, in all of its languages', () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz'];
  const tags = letters.flatMap((one) => letters.flatMap((two) => [one + two, ...letters.map((three) => one + two + three)]));
  const names = new Map<string, Set<string>>();
  for (const locale of Intl.DisplayNames.supportedLocalesOf(tags)) {
    for (const style of ['long', 'short'] as const) {
      const display = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none', style });
      for (const code of CODES) {
        const name = display.of(code);
        if (name !== undefined && name !== code) names.set(name, (names.get(name) ?? new Set()).add(code));
      }
    }
  }
  assert.ok(names.size > 20_000);
  assertRead(names);
});

function assertRead(names: Map<string, Set<string>>): void {
  const unread: Record<string, string> = {};
  for (const [name, codes] of names) {
    const found = findCountry(name);
    const meant = listMeant(name);
    if (codes.has(found ?? '') || [...codes].some((code) => meant.includes(nameOf(code)))) continue;
    if (OTHERWISE[name] !== found || found === undefined) unread[name] = `${[...codes].join()} is read as ${found ?? 'none'}`;
  }
  assert.deepEqual(unread, {});
}

test('countries are read as people write them', () => {
  assert.deepEqual(
    wrong(Object.entries(SPELLINGS).flatMap(([code, spellings]) => spellings.map((spelling) => [spelling, code] as const))),
    [],
  );
  assert.deepEqual(wrong(USA.map((spelling) => [spelling, 'US'] as const)), []);
});

test('a spelling that means several countries is none of them, and all are named', () => {
  for (const [spelling, codes] of Object.entries(AMBIGUOUS)) {
    assert.equal(findCountry(spelling), undefined, spelling);
    assert.deepEqual(listMeant(spelling).toSorted(), codes.map(nameOf).toSorted(), spelling);
  }
});

test('the name by which we speak of a country is one that we read', () => {
  assert.deepEqual(wrong(CODES.map((code) => [nameOf(code), code] as const)), []);
});

test('what is no country is refused, and nothing is suggested', () => {
  for (const spelling of NO_COUNTRIES) {
    assert.equal(findCountry(spelling), undefined, spelling);
    assert.deepEqual([...listMeant(spelling), ...suggestCountries(spelling)], [], spelling);
  }
});

test('the name of one country is suggested where it is near in letters and no other is as near', () => {
  for (const [spelling, name] of Object.entries(SUGGESTED)) {
    assert.equal(findCountry(spelling), undefined, spelling);
    assert.deepEqual(suggestCountries(spelling), [name], spelling);
  }
  for (const spelling of NOT_SUGGESTED) assert.deepEqual(suggestCountries(spelling), [], spelling);
});

test('a title never pulls another country that has it', () => {
  for (const title of [
    'Republic of',
    'Democratic Republic of',
    "People's Republic of",
    'Islamic Republic of',
    'Kingdom of',
    'Federal Republic of',
    'State of',
    'United States of',
    'Principality of',
    'République de',
    'República de',
    'Republik',
  ]) {
    for (const place of [
      'Bavaria',
      'Texas',
      'Venice',
      'Transnistria',
      'Abkhazia',
      'Donetsk',
      'Artsakh',
      'Xyz',
      'Wessex',
      'Hawaii',
      'Biafra',
      'Saxony',
    ]) {
      for (const spelling of [`${title} ${place}`, `${place}, ${title}`]) {
        assert.deepEqual([findCountry(spelling), ...suggestCountries(spelling)], [undefined], spelling);
      }
    }
  }
});
