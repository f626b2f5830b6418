import { bagOf, keyOf } from './spelling.ts';

/** ISO 3166-1 alpha-2. */
export type CountryCode = string;

const NONE: readonly CountryCode[] = [];

/** Spellings and the countries that each means: one, or several where it is ambiguous. */
export class CountryTable {
  readonly #byKey = new Map<string, CountryCode | readonly CountryCode[]>();
  readonly #byBag = new Map<string, CountryCode | readonly CountryCode[]>();

  add(code: CountryCode, words: readonly string[]): void {
    join(this.#byKey, keyOf(words), code);
    const bag = bagOf(words);
    if (bag !== '') join(this.#byBag, bag, code);
  }

  /** Says that a spelling means these and no others, whatever was added. */
  settle(words: readonly string[], codes: readonly CountryCode[]): void {
    this.#byKey.set(keyOf(words), codes);
    this.#byBag.set(bagOf(words), codes);
  }

  /** The countries that these words mean, in this order or else in any. */
  find(words: readonly string[]): readonly CountryCode[] {
    const found = this.#byKey.get(keyOf(words)) ?? this.#byBag.get(bagOf(words)) ?? NONE;
    return typeof found === 'string' ? [found] : found;
  }
}

function join(map: Map<string, CountryCode | readonly CountryCode[]>, key: string, code: CountryCode): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, code);
  else if (typeof known === 'string') {
    if (known !== code) map.set(key, [known, code]);
  } else if (!known.includes(code)) map.set(key, [...known, code]);
}
