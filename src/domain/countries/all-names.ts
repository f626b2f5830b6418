import { createRequire } from 'node:module';
import { CountryTable, type CountryCode } from './country-table.ts';
import { accentedKeyOf, wordsOf } from './spelling.ts';

/** `npm run generate:countries` makes the file. Spellings of one country are words without accents, with `|` between them. */
interface NamesFile {
  /** Names in the languages that are official where they are spoken. */
  native: Record<CountryCode, string>;
  foreign: Record<CountryCode, string>;
  /** Names that only their accents tell from a code or from another country's name, with their accents. */
  accented: Record<string, CountryCode>;
}

type Name = readonly [code: CountryCode, words: readonly string[]];

export interface AllNames {
  find(spelling: string): readonly CountryCode[];
  /** Names in languages of their own country. */
  native: readonly Name[];
}

let loaded: AllNames | undefined;

/** The countries' names in all languages. They take some megabytes, and are loaded when the first name comes that is not English. */
export function loadAllNames(): AllNames {
  return (loaded ??= build(createRequire(import.meta.url)('./all-names.json') as NamesFile));
}

function build(file: NamesFile): AllNames {
  const native = list(file.native);
  const table = new CountryTable();
  for (const [code, words] of native) table.add(code, words);
  for (const [code, words] of list(file.foreign)) table.add(code, words);
  const accented = new Map(Object.entries(file.accented));
  return {
    native,
    find: (spelling) => {
      const exact = accented.get(accentedKeyOf(spelling));
      return exact === undefined ? table.find(wordsOf(spelling)) : [exact];
    },
  };
}

function list(names: Record<CountryCode, string>): Name[] {
  return Object.entries(names).flatMap(([code, spellings]) => spellings.split('|').map((spelling): Name => [code, spelling.split(' ')]));
}
