import { type BadInput, body, bodyWith, bodyWithId, HOST, POST_LINE, TOKEN } from './bad-input.ts';

/** The other side of each boundary: odd, and right. Every one creates a client. */
export interface GoodInput extends Pick<BadInput, 'name' | 'send'> {
  /** Its `external_id` on record, where the spelling is what is odd. */
  externalId?: number;
}

const LIMIT = 262_144;
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const more = (members: number): string => Array.from({ length: members }, (_, i) => `"m${i}":${i}`).join(',');

const ids: [literal: string, externalId: number][] = [
  ['1', 1],
  ['1e2', 100],
  ['1E+2', 100],
  ['100.0', 100],
  ['1000e-1', 100],
  [`100.${'0'.repeat(250_000)}`, 100],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ['9007199254740991.0', Number.MAX_SAFE_INTEGER],
  ['"9007199254740991"', Number.MAX_SAFE_INTEGER],
  ['"100"', 100],
  ['"007"', 7],
];

const client = (changes: object): { body: string } => ({ body: body({ client: changes }) });
const contact = (changes: object): { body: string } => ({ body: body({ contact: changes }) });

export const GOOD_INPUTS: readonly GoodInput[] = [
  ...ids.map(([literal, externalId]) => ({
    name: `C14: client.externalId ${literal.slice(0, 30)}`,
    send: { body: bodyWithId(literal) },
    externalId,
  })),
  { name: 'C13: 255 characters beyond the BMP', send: client({ first: '𝒜'.repeat(255) }) },
  { name: 'C13: 255 characters between spaces', send: client({ last: `  ${'l'.repeat(255)}\n` }) },
  { name: 'C13: text from right to left, and emoji', send: client({ first: 'شركة', last: '👩‍👩‍👧' }) },
  ...[
    ['a Persian word with a non-joiner', 'می\u200cروم'],
    ['a Persian name with a non-joiner', 'علی\u200cرضا'],
    ['an Arabic letter in its joined form', 'ه\u200d'],
    ['a Sinhala conjunct', 'ශ්\u200dරී'],
    ['a Malayalam chillu', 'അവന്\u200d'],
    ['a Malayalam virama that is shown', 'ക്\u200cഷ'],
    ['a Bengali ra with ya', 'র\u200d্যাব'],
    ['a Marathi eyelash', 'दर्\u200dया'],
    ['a Kannada non-joiner', 'ರಾಜ್\u200cಕುಮಾರ್'],
    ['a variant of a Mongolian letter', 'ᠠ\u180bᠨ'],
    ['an Arabic number sign and a mark', 'مُحَمَّد'],
    ['a family', '👨\u200d👩\u200d👧\u200d👦'],
    ['a heart on fire', '❤\ufe0f\u200d🔥'],
    ['a profession with a skin tone', '👩🏽\u200d🚀'],
    ['a woman who shrugs', '🤷🏾\u200d♀\ufe0f'],
    ['a flag of tags', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['a flag of letters', '🇨🇦'],
    ['a pirate', '🏴\u200d☠\ufe0f'],
    ['a keycap', '1\ufe0f\u20e3'],
    ['a picture drawn as text', '☎\ufe0e'],
    ['a Vietnamese name', 'Nguyễn Thị Ánh'],
    ['Braille', '⠁⠝⠝'],
    ['Hangul', '김민수'],
    ['a rare Han character', '𠮷野'],
    ['an apostrophe and a hyphen', 'O’Neill-D’Arcy'],
  ].map(([what = '', first = '']) => ({ name: `C13: ${what}`, send: client({ first }) })),
  { name: 'C13: a person with a first name alone', send: client({ first: 'Suharto', last: '' }) },
  { name: 'C13: a person with a last name alone', send: client({ first: ' ', last: 'Suharto' }) },
  ...[
    'josé@exämple.de',
    '用户@例子.广告',
    'संपर्क@डाटामेल.भारत',
    'θσερ@εχαμπλε.ψομ',
    'me@xn--mnchen-3ya.de',
    'me@münchen.de',
    'me+tag@sub.example.co.uk',
    "o'neil@example.com",
    'a.b..c@docomo.example',
    'me@[192.0.2.1]',
    'me@[IPv6:2001:db8::1]',
    'me@1and1.example',
    `me@${'e'.repeat(63)}.com`,
    ' me@example.com ',
  ].map((email) => ({ name: `C13: the e-mail address ${email}`, send: client({ email }) })),
  { name: 'C13: a company name of emoji alone', send: { body: body({ company: { name: '🦜' } }) } },
  { name: 'C13: a local part of 64 characters', send: client({ email: `${'m'.repeat(64)}@localhost` }) },
  { name: 'C13: optional texts missing', send: contact({ address: undefined, city: undefined, state: undefined, postalCode: undefined }) },
  { name: 'C13: optional texts null and blank', send: contact({ address: null, city: '', state: ' ', postalCode: null }) },
  { name: 'C12: flags missing and null', send: { body: body({ company: { isGlobalMeetEnabled: undefined, isWebConfEnabled: null } }) } },
  {
    name: 'C12: unknown members of every kind',
    send: { body: bodyWith('"a":null,"b":[1e400,9007199254740991.4,"\\ud800"],"":{"":{}},"prototype":{}') },
  },
  { name: 'C21: a password missing', send: client({ password: undefined }) },
  { name: 'C21: a password null', send: client({ password: null }) },
  { name: 'C21: a password of 8 characters', send: client({ password: 'abcdefg1' }) },
  { name: 'C21: a password of 128 characters beyond the BMP', send: client({ password: `𝒜1${'🦜'.repeat(126)}` }) },
  { name: 'C21: a password with spaces around it', send: client({ password: ' parrot 1 ' }) },
  { name: 'C23: a country by its alpha-3 code', send: contact({ country: 'deu' }) },
  { name: 'C23: a country by its numeric code', send: contact({ country: '840' }) },
  { name: 'C23: one Congo of the two', send: contact({ country: 'DR Congo' }) },
  { name: 'C8: a state in the United States', send: contact({ country: 'u.s.a.', state: ' Utah ' }) },
  ...['text/plain', 'application/x-www-form-urlencoded', 'garbage', 'application/xmlish', 'application/json; charset=latin1'].map(
    (type) => ({
      name: `C11: the content type ${type}`,
      send: { headers: { 'Content-Type': type }, body: body() },
    }),
  ),
  { name: 'C11: no content type', send: { lines: [POST_LINE, HOST, TOKEN, `Content-Length: ${body().length}`], payload: body() } },
  { name: 'C11: a byte order mark', send: { body: Buffer.from(`\ufeff${body()}`) } },
  { name: 'C11: 16 levels', send: { body: bodyWith(`"a":${nested(15)}`) } },
  { name: 'C11: 200 members', send: { body: bodyWith(more(200 - 19)) } },
  { name: 'C11: one name in two objects', send: { body: bodyWith('"a":{"b":1},"c":[{"b":1},{"b":1}]') } },
  { name: 'C11: names that differ in case', send: { body: bodyWith('"Company":{},"CONSTRUCTOR":1') } },
  { name: 'C29: a body of 262144 bytes', send: { body: body().padEnd(LIMIT) } },
  {
    name: 'C29: a body of 262144 bytes in chunks',
    send: {
      lines: [POST_LINE, HOST, TOKEN, 'Transfer-Encoding: chunked'],
      payload: `${chunk(body().padEnd(LIMIT - 1))}${chunk(' ')}0\r\n\r\n`,
    },
  },
  {
    name: 'C11: a chunk extension',
    send: {
      lines: [POST_LINE, HOST, TOKEN, 'Transfer-Encoding: Chunked'],
      payload: `${chunk(body()).replace('\r\n', ';a=b\r\n')}0\r\n\r\n`,
    },
  },
  {
    name: 'C29: 100 headers',
    send: {
      lines: [POST_LINE, HOST, TOKEN, `Content-Length: ${body().length}`, ...Array.from({ length: 97 }, (_, i) => `X-A${i}: a`)],
      payload: body(),
    },
  },
  {
    name: 'C29: Expect: 100-continue',
    send: { lines: [POST_LINE, HOST, TOKEN, `Content-Length: ${body().length}`, 'Expect: 100-Continue'], payload: body() },
  },
  {
    name: 'C11: HTTP/1.0 without a Host',
    send: { lines: [POST_LINE.replace('1.1', '1.0'), TOKEN, `Content-Length: ${body().length}`], payload: body() },
  },
  { name: 'C17: If-None-Match: *', send: { headers: { 'If-None-Match': '*' }, body: body() } },
  { name: 'C19: X-Source-Version: 0', send: { headers: { 'X-Source-Version': '0' }, body: body() } },
  { name: 'C19: X-Source-Version: 9007199254740991', send: { headers: { 'X-Source-Version': '9007199254740991' }, body: body() } },
  {
    name: 'C25: what follows a good request cannot turn its answer into a refusal',
    send: { lines: [POST_LINE, HOST, TOKEN, `Content-Length: ${body().length}`], payload: `${body()}and more\r\n\r\n` },
  },
];
