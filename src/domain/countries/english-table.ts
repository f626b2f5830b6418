import { createRequire } from 'node:module';
// Not the package's own entry, which reads the names in all languages.
import countries from 'i18n-iso-countries/index.js';
import { CountryTable } from './country-table.ts';
import { wordsOf } from './spelling.ts';

const require = createRequire(import.meta.url);

/** What the libraries' list lacks. Of each name one form is enough: case, accents, dots, "the", "of", "and" and the order of words do not count. */
interface EnglishFile {
  /** Official names, short forms, names of parts and former names. "Korea" alone is the South, as it is in business. */
  names: Record<string, string[]>;
  /** Spellings that mean several: they are refused, and the answer names them all. */
  several: Record<string, string[]>;
  /** By which answers speak of countries whose name in the library means several, or is one that nobody says. */
  spoken: Record<string, string>;
}

let own: EnglishFile | undefined;

function readOwn(): EnglishFile {
  if (own === undefined) {
    countries.registerLocale(require('i18n-iso-countries/langs/en.json'));
    own = require('./english.json') as EnglishFile;
  }
  return own;
}

/** Every English name of each country. */
export function listEnglish(): (readonly [code: string, spelling: string])[] {
  const { names: ownNames } = readOwn();
  return Object.entries(countries.getNames('en', { select: 'all' })).flatMap(([code, names]) =>
    [...names, ...(ownNames[code] ?? [])].map((name) => [code, name] as const),
  );
}

let english: CountryTable | undefined;

/** The countries of an English name. Nearly all callers send one, and nothing else is loaded for them. */
export function findEnglish(words: readonly string[]): readonly string[] {
  return (english ??= build()).find(words);
}

function build(): CountryTable {
  const table = new CountryTable();
  for (const [code, spelling] of listEnglish()) table.add(code, wordsOf(spelling));
  for (const [spelling, codes] of Object.entries(readOwn().several)) table.settle(wordsOf(spelling), codes);
  return table;
}

/** The name by which we speak of a country; it is one that we understand. */
export function nameOf(code: string): string {
  return readOwn().spoken[code] ?? countries.getName(code, 'en') ?? code;
}
