/** Letters that Unicode does not take apart into a plain letter and an accent. */
const PLAIN: Readonly<Record<string, string>> = {
  æ: 'ae',
  ð: 'd',
  đ: 'd',
  ə: 'e',
  ı: 'i',
  ħ: 'h',
  ł: 'l',
  ŋ: 'n',
  ø: 'o',
  œ: 'oe',
  ß: 'ss',
  þ: 'th',
  ŧ: 't',
  // Arabic letters that keyboards of several languages type differently, and hamzas that are often left out.
  آ: 'ا',
  أ: 'ا',
  إ: 'ا',
  ة: 'ه',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
};
const PLAIN_LETTERS = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g');
/** Accents of Latin, Greek and Cyrillic letters, and the points of Hebrew and Arabic. The vowel signs of other scripts are letters of their own. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u0640\u200c\u200d]/g;
const APOSTROPHES = /['’‘ʼʻ`´ʹ′＇]/g;
/** French and Italian words that lose their vowel before another: "d'Ivoire" is two words, "people's" is one. */
const ELIDED = /(?<![\p{L}\p{M}])(d|l|dell|all|nell|un)['’‘ʼʻ`´′＇](?=\p{L})/gu;
const NOT_IN_WORDS = /[^\p{L}\p{M}\p{N}]+/u;

const SHORT_FORMS: Readonly<Record<string, string>> = {
  dem: 'democratic',
  fed: 'federation',
  gt: 'great',
  is: 'islands',
  island: 'islands',
  isl: 'islands',
  isls: 'islands',
  peoples: 'people',
  rep: 'republic',
  st: 'saint',
  ste: 'sainte',
  terr: 'territory',
  utd: 'united',
};

/** Words that say nothing about which country is meant, and that are left out or moved as people like. */
const SMALL_WORDS: ReadonlySet<string> = new Set(
  'the of and a al d da das de degli dei del della delle den der des di die do dos du e el en et gli het i il l la las le les lo los och og of och til u und van von y'.split(
    ' ',
  ),
);

export function isSmallWord(word: string): boolean {
  return SMALL_WORDS.has(word);
}

/** The words of a spelling, in lower case and full form, with their accents and as they were typed otherwise. */
function readWords(spelling: string, isPlain: boolean): string[] {
  // NFKC makes one of full-width and other forms of a letter; only then is what is left an accent.
  const lower = spelling.normalize('NFKC').toLowerCase().replace(ELIDED, '$1 ').replace(APOSTROPHES, '');
  const letters = isPlain
    ? lower
        .normalize('NFKD')
        .replace(ACCENTS, '')
        .replace(PLAIN_LETTERS, (letter) => PLAIN[letter] ?? letter)
    : lower;
  const words = joinInitials(letters.normalize('NFC').split(NOT_IN_WORDS).filter(Boolean));
  return words.length < 2 ? words : words.map((word) => SHORT_FORMS[word] ?? word);
}

/** "U. S. A." is one word. */
function joinInitials(words: readonly string[]): string[] {
  const joined: string[] = [];
  let isOpen = false;
  for (const word of words) {
    const isInitial = /^[a-z]$/.test(word);
    if (isInitial && isOpen) joined[joined.length - 1] += word;
    else joined.push(word);
    isOpen = isInitial;
  }
  return joined;
}

/** "Oesterreich" for "Österreich": how umlauts are written where they cannot be typed. Undefined where nothing looks like one. */
export function withoutUmlauts(words: readonly string[]): string[] | undefined {
  const plain = words.map((word) => word.replace(/([aou])e/g, '$1'));
  return plain.some((word, index) => word !== words[index]) ? plain : undefined;
}

/** The words of a spelling without accents. */
export function wordsOf(spelling: string): string[] {
  return readWords(spelling, true);
}

/** One key for all ways to set the same words in a row: case, accents, spaces, dots and hyphens do not count. */
export function keyOf(words: readonly string[]): string {
  return words.join('');
}

/** As keyOf, for spellings that nothing but their accents tells apart (Vietnamese "Áo" and "AO"). */
export function accentedKeyOf(spelling: string): string {
  return keyOf(readWords(spelling, false));
}

/** One key for "Republic of X", "X, Republic of the" and "X (Republic of)": the words that count, in the order of the alphabet. */
export function bagOf(words: readonly string[]): string {
  return words
    .filter((word) => !isSmallWord(word))
    .toSorted()
    .join(' ');
}
