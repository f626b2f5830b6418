import { toAscii } from './ascii.ts';

/** Runs of letters, the marks on them, and digits. */
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const ACCENTS = /[\u0300-\u036f]/g;
/** How some languages write a letter where they lack it; leaving its mark out is what everybody else does. */
const SPELT_OUT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe', æ: 'ae', ß: 'ss', œ: 'oe' };
const ASCII = /^[\x20-\x7e]*$/;
/** Written without spaces: any character may begin a word. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** One word as somebody wrote it, in the forms in which it is looked for. */
interface Forms {
  /** In its own script. */
  own: string;
  /** In ASCII: "muller", "kiev". */
  plain: string;
  /** "mueller". */
  speltOut: string;
}

function formsOf(word: string): Forms {
  const lower = word.normalize('NFKC').toLowerCase();
  if (ASCII.test(lower)) return { own: lower, plain: lower, speltOut: lower };
  const latin = (text: string): string =>
    toAscii(text)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
  return {
    own: lower.normalize('NFD').replace(ACCENTS, '').normalize('NFC'),
    plain: latin(lower),
    speltOut: latin(lower.replace(/[äöüåøæßœ]/g, (letter) => SPELT_OUT[letter] ?? letter)),
  };
}

function wordsIn(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** What is between spaces; "O'Connor" is two words, and one. */
function chunksOf(text: string): string[][] {
  return text
    .split(/\s+/)
    .map(wordsIn)
    .filter((words) => words.length > 0);
}

/** What a client is found by. */
export interface SearchableFields {
  first: string;
  last: string;
  email: string;
  companyName: string;
  hubUrl: string;
}

/**
 * The words of a client as they are kept for searching: a line for the person, the address, the company and the hub's own label, and on it each word in all of
 * its forms.
 */
export function searchTextOf({ first, last, email, companyName, hubUrl }: SearchableFields): string {
  const lines = [
    [...chunksOf(first), ...chunksOf(last), wordsIn(last)],
    chunksOf(email).flatMap((words) => words.map((word) => [word])),
    chunksOf(companyName),
    [wordsIn(hubUrl.split('.', 1)[0] ?? '')],
  ];
  return lines.map((chunks) => [...new Set(chunks.flatMap(allFormsOf))].join(' ')).join('\n');
}

function allFormsOf(words: string[]): string[] {
  const forms = words.map(formsOf);
  const joined = (form: keyof Forms): string => forms.map((one) => one[form]).join('');
  const all = forms.flatMap(({ own, plain, speltOut }) => [own, plain, speltOut]);
  return (words.length > 1 ? [...all, joined('own'), joined('plain'), joined('speltOut')] : all).filter((form) => form !== '');
}

/** How a word of a query must stand in a word on record, the best first. */
export type Stage = 'whole' | 'beginning' | 'anywhere';

/** All of the chunks must be found; of a chunk, all words of one of its alternatives. */
export type SearchQuery = readonly (readonly (readonly string[])[])[];

export const MOST_SEARCH_WORDS = 12;

/** Undefined where it has too many words. */
export function readSearch(text: string): SearchQuery | undefined {
  const chunks = chunksOf(text);
  if (chunks.flat().length > MOST_SEARCH_WORDS) return undefined;
  return chunks.map((words) => {
    const forms = words.map(formsOf);
    const names: readonly (keyof Forms)[] = words.some((word) => UNSPACED.test(word)) ? ['own'] : ['plain', 'speltOut'];
    const alternatives = names.flatMap((name) => {
      const written = forms.map((one) => one[name]);
      return words.length > 1 ? [written, [written.join('')]] : [written];
    });
    return [...new Map(alternatives.map((words_) => [words_.join(' '), words_])).values()].filter((words_) => !words_.includes(''));
  });
}

const EDGE = '·';

/** A whole word has a gram of its own, and so have its first four characters. The others have three each, from two edges before the word on: its beginning and any three letters of it. */
export function gramsOf(text: string): string[] {
  const grams = new Set<string>();
  for (const word of text.split(/\s/)) {
    if (word === '') continue;
    grams.add(wholeGram(word));
    const characters = [...word];
    if (characters.length >= OPENING) grams.add(openingGram(characters));
    for (const gram of triples([EDGE, EDGE, ...characters])) grams.add(gram);
    if (UNSPACED.test(word)) for (const gram of beginningsWithin(characters)) grams.add(gram);
  }
  return [...grams];
}

function wholeGram(word: string): string {
  return `${EDGE}${word}${EDGE}`;
}

/** What is asked for while somebody types has at least as many, and then few words begin so. */
const OPENING = 4;

function openingGram(characters: readonly string[]): string {
  return `${EDGE}${characters.slice(0, OPENING).join('')}`;
}

function triples(characters: readonly string[]): string[] {
  return Array.from({ length: Math.max(0, characters.length - 2) }, (_, i) => characters.slice(i, i + 3).join(''));
}

function beginningsWithin(characters: readonly string[]): string[] {
  return characters.flatMap((one, i) => [
    `${EDGE}${EDGE}${one}`,
    ...(i + 1 < characters.length ? [`${EDGE}${one}${characters[i + 1]}`] : []),
  ]);
}

/** Grams that a text has which has this word so: the rarest, because each costs. That a text has them says that it may have the word, which is looked at then. */
export function gramsOfQueried(word: string, stage: Stage, most: number): string[] {
  if (stage === 'whole') return [wholeGram(word)];
  const characters = [...word];
  const isWithin = stage === 'anywhere' && (characters.length >= 3 || UNSPACED.test(word));
  if (isWithin && characters.length < 3) return characters.length === 1 ? [`${EDGE}${EDGE}${word}`] : [`${EDGE}${word}`];
  if (isWithin) return rarest(triples(characters), most);
  if (characters.length >= OPENING) return [openingGram(characters), ...rarest(triples(characters.slice(2)), most - 1)];
  // What begins with two characters begins with the first of them.
  const [beginning = '', ...others] = triples([...(characters.length > 1 ? [EDGE] : [EDGE, EDGE]), ...characters]);
  return [beginning, ...rarest(others, most - 1)];
}

/** Letters of names in Latin script, the most frequent first: about as often as in the census lists of surnames. Any other character is rarer. */
const BY_FREQUENCY = 'aenrilosthmdcuykbgvpfwzjxq';

function rarest(grams: readonly string[], most: number): string[] {
  const frequencyOf = (gram: string): number =>
    [...gram].reduce((sum, letter) => sum + (BY_FREQUENCY.includes(letter) ? BY_FREQUENCY.length - BY_FREQUENCY.indexOf(letter) : 0), 0);
  return grams.toSorted((one, other) => frequencyOf(one) - frequencyOf(other)).slice(0, most);
}

/** A person's name says more than an address, and that more than a company or a hub, which many share. */
const WEIGHTS = [7, 4, 3, 1];
const WHOLE = 4;
const BEGINNING = 2;

/** How well a text answers a query; undefined where it does not: grams say that it may. */
export function scoreOf(query: SearchQuery, text: string): number | undefined {
  const lines = text.split('\n').map((line) => line.split(' '));
  let score = 0;
  for (const alternatives of query) {
    const best = Math.max(...alternatives.map((words) => words.reduce((sum, word) => sum + scoreOfWord(word, lines), 0)));
    if (!(best > 0)) return undefined;
    score += best;
  }
  return score;
}

/** Minus infinity where it is nowhere. */
function scoreOfWord(word: string, lines: readonly (readonly string[])[]): number {
  let best = -Infinity;
  lines.forEach((words, i) => {
    for (const one of words) {
      if (!one.includes(word)) continue;
      const closeness = one === word ? WHOLE : one.startsWith(word) ? BEGINNING : 1;
      best = Math.max(best, closeness * (WEIGHTS[i] ?? 1));
    }
  });
  return best;
}
