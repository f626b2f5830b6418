/**
 * What nobody sees: what Unicode lets programs ignore (zero-width and bidirectional controls, variation selectors, tags, fillers, soft hyphens), line separators,
 * annotations, private use, noncharacters, and the blank of Braille.
 */
const INVISIBLE = /[\p{DI}\p{Co}\p{NChar}\p{Zl}\p{Zp}\ufff9-\ufffc\u2800]/u;
const ANY_INVISIBLE = new RegExp(INVISIBLE.source, 'gu');

/** A picture with what may follow it: a skin tone, or how it is to be drawn, or the tags of a flag such as Scotland's. */
const PICTURE = String.raw`\p{ExtPict}(?:\p{EMod}|\ufe0e|\ufe0f\u20e3?|(?<=\u{1f3f4})[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f})?`;
const EMOJI = new RegExp(String.raw`${PICTURE}(?:\u200d${PICTURE})*|[0-9#*]\ufe0f?\u20e3`, 'gu');

/** Scripts in which a joiner or a non-joiner within a word makes a difference that readers see. */
const JOINING = [
  'Adlm Arab Mand Mong Nkoo Phag Rohg Sogd Syrc',
  'Bali Beng Cakm Deva Gran Gujr Guru Java Khmr Knda Kthi Lana Mlym Mtei Mymr Newa Orya Sinh Sund Taml Telu Tibt Tirh',
]
  .join(' ')
  .split(' ')
  .map((script) => String.raw`\p{scx=${script}}`)
  .join('');
const OF_SCRIPT = `(?=[\\p{L}\\p{M}])[${JOINING}]`;
/** Between two letters of such a script; at a word's end after a mark, as in Malayalam, or for an Arabic letter's joined form; and Mongolian's variants of a letter. */
const WITHIN_WORDS = new RegExp(
  [
    `(?<=${OF_SCRIPT})[\\u200c\\u200d](?=${OF_SCRIPT})`,
    `(?<=(?=\\p{M})[${JOINING}])[\\u200c\\u200d]`,
    String.raw`(?<=(?=\p{L})\p{scx=Arab})\u200d`,
    String.raw`(?<=(?=\p{L})\p{scx=Mong})[\u180b-\u180d\u180f]`,
  ].join('|'),
  'gu',
);

/** The first character that nobody sees and that neither an emoji nor a script needs where it stands, as "U+200B"; or undefined. */
export function findInvisible(text: string): string | undefined {
  if (!INVISIBLE.test(text)) return undefined;
  const rest = text.replace(EMOJI, ' ').replace(WITHIN_WORDS, '');
  const [found] = rest.match(ANY_INVISIBLE) ?? [];
  return found === undefined ? undefined : `U+${(found.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;
}
