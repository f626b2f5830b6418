import { gzipSync } from 'node:zlib';
import { type BadInput, body, bodyWith, bodyWithId, type Expected, HOST, invalidJson, MARKER, POST_LINE, TOKEN } from './bad-input.ts';

const NOT_AN_OBJECT = invalidJson('The body is not an object. Send a JSON object.');
const EMPTY = invalidJson('The body is empty. Send a JSON object.');
const NOT_JSON = invalidJson('The body is not JSON.');
const TOO_EARLY = invalidJson('The body is not JSON: it ends too early.');
const NOT_UTF8 = invalidJson('The body is not UTF-8.');
const TWICE = invalidJson('The body has an object with the same member twice.');
const POISON = invalidJson('The body has a member named __proto__ or constructor.');
const TOO_DEEP = invalidJson('The body is nested deeper than 16 levels.');
const TOO_MANY = invalidJson('The body has more than 200 members.');
const TOO_LARGE: Expected = {
  status: 413,
  code: 'BODY_TOO_LARGE',
  message: 'Send at most 262144 bytes.',
  headers: { connection: 'close' },
};
const MEDIA_TYPE: Expected = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Send JSON, with Content-Type: application/json.' };
const ENCODING: Expected = { status: 415, code: 'UNSUPPORTED_ENCODING', message: 'Send the body as it is, without Content-Encoding.' };

const notJsonAt = (character: number): Expected => invalidJson(`The body is not JSON: see character ${character}.`);
const withBytes = (...bytes: number[]): Uint8Array => Buffer.concat([Buffer.from(`{"${MARKER}":"`), Buffer.from(bytes), Buffer.from('"}')]);
const arrays = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const objects = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const more = (members: number): string => Array.from({ length: members }, (_, i) => `"m${i}":${i}`).join(',');

/** The example has 19 members, the unknown one among them. */
const MEMBERS = 19;
const LIMIT = 262_144;

const json: [name: string, sent: string | Uint8Array, expected: Expected][] = [
  ['nothing', '', EMPTY],
  ['white space', ' \r\n\t', EMPTY],
  ['an array', '[]', NOT_AN_OBJECT],
  ['an array around the right body', `[${body()}]`, NOT_AN_OBJECT],
  ['a string', '"text"', NOT_AN_OBJECT],
  ['null', 'null', NOT_AN_OBJECT],
  ['a number', '5', NOT_AN_OBJECT],
  ['a number that no double holds', '1.00000000000000000001', NOT_AN_OBJECT],
  ['true', 'true', NOT_AN_OBJECT],
  ['a word', MARKER, NOT_JSON],
  ['NaN as a value', bodyWithId('NaN'), NOT_JSON],
  ["a sentence that looks like the parser's own", `at position 99 ${MARKER}`, NOT_JSON],
  ['a form', 'company[externalId]=50&client[externalId]=100', NOT_JSON],
  ['XML that says it is JSON', '<company/>', NOT_JSON],
  ['one brace', '{', notJsonAt(2)],
  ['a body cut in half', '{"company":', TOO_EARLY],
  ['a string without an end', '{"a":"b', notJsonAt(8)],
  ['a comma too many', '{"a":1,}', notJsonAt(8)],
  ['a comma missing', '{"a":1 "b":2}', notJsonAt(8)],
  ['single quotes', "{'a':1}", notJsonAt(2)],
  ['a name without quotes', '{a:1}', notJsonAt(2)],
  ['a number with a leading zero', '{"a":01}', notJsonAt(7)],
  ['a comment', '{/* a */}', notJsonAt(2)],
  ['two values', '{} {}', notJsonAt(4)],
  ['bytes after the value', `${body()}x`, notJsonAt(body().length + 1)],
  ['a line feed within a string', '{"a":"b\nc"}', notJsonAt(8)],
  ['an unknown escape', '{"a":"\\x41"}', notJsonAt(8)],
  ['a hex escape cut short', '{"a":"\\u12"}', notJsonAt(11)],
  ['two byte order marks', Buffer.from(`\ufeff\ufeff${body()}`), NOT_JSON],
  ['a byte that UTF-8 never has', withBytes(0xff), NOT_UTF8],
  ['Latin-1', withBytes(0xe9), NOT_UTF8],
  ['an overlong slash', withBytes(0xc0, 0xaf), NOT_UTF8],
  ['a surrogate in UTF-8', withBytes(0xed, 0xa0, 0x80), NOT_UTF8],
  ['a character past U+10FFFF', withBytes(0xf4, 0x90, 0x80, 0x80), NOT_UTF8],
  ['a character cut short at the end', Buffer.from([0x7b, 0x7d, 0xe2, 0x82]), NOT_UTF8],
  ['UTF-16', Buffer.from(`\ufeff${body()}`, 'utf16le'), NOT_UTF8],
  ['__proto__', bodyWith('"__proto__":{"isAdmin":true}'), POISON],
  ['__proto__ within', body().replace('"first"', '"__proto__":{},"first"'), POISON],
  ['__proto__ in escapes', bodyWith('"\\u005f\\u005fproto\\u005f_":{}'), POISON],
  ['constructor', bodyWith('"constructor":{"prototype":{"isAdmin":true}}'), POISON],
  ['constructor in escapes', bodyWith('"constr\\u0075ctor":1'), POISON],
  ['constructor in an array', bodyWith('"a":[[{"constructor":1}]]'), POISON],
  ['a member twice', bodyWith('"company":{}'), TWICE],
  ['a member twice with the same value', bodyWith(`"${MARKER}-member":"${MARKER}-value"`), TWICE],
  ['a member twice in an inner object', body().replace('"first"', '"email":"you@example.com","first"'), TWICE],
  ['a member twice, once in escapes', bodyWith('"\\u0063ompany":{}'), TWICE],
  ['an unknown member twice, within an array', bodyWith('"a":[{"b":1,"c":2,"b":3}]'), TWICE],
  ['17 levels of arrays', bodyWith(`"a":${arrays(16)}`), TOO_DEEP],
  ['17 levels of objects', bodyWith(`"a":${objects(16)}`), TOO_DEEP],
  ['100,000 levels', bodyWith(`"a":${arrays(100_000)}`), TOO_DEEP],
  ['100,000 levels never closed', '['.repeat(100_000), TOO_DEEP],
  ['40,000 levels of objects', objects(40_000), TOO_DEEP],
  ['201 members', bodyWith(more(201 - MEMBERS)), TOO_MANY],
  ['10,000 members', `{${more(10_000)}}`, TOO_MANY],
  ['201 members over many objects', `{"a":[${Array.from({ length: 200 }, () => '{"b":1}').join(',')}]}`, TOO_MANY],
];

const sizes: BadInput[] = [
  {
    name: 'C29: a body of 262145 bytes',
    send: { lines: [POST_LINE, HOST, TOKEN, `Content-Length: ${LIMIT + 1}`], payload: body().padEnd(LIMIT + 1) },
    ...TOO_LARGE,
  },
  {
    name: 'C29: a body of 262145 bytes in chunks',
    send: {
      lines: [POST_LINE, HOST, TOKEN, 'Transfer-Encoding: chunked'],
      payload: `10000\r\n${body().padEnd(0x10000)}\r\n30001\r\n${' '.repeat(0x30001)}\r\n0\r\n\r\n`,
    },
    ...TOO_LARGE,
  },
  {
    name: 'C29: a terabyte announced',
    send: { lines: [POST_LINE, HOST, TOKEN, 'Content-Length: 1099511627776'], payload: body() },
    ...TOO_LARGE,
  },
];

const types: BadInput[] = [
  ...[
    'application/xml',
    'text/xml',
    'TEXT/XML; charset=utf-8',
    'application/soap+xml',
    'application/atom+xml;type=entry',
    'multipart/form-data; boundary=b',
    'Multipart/Mixed',
  ].map((type) => ({ name: `C11: a body of the type ${type}`, send: { headers: { 'Content-Type': type }, body: body() }, ...MEDIA_TYPE })),
  { name: 'C11: a gzipped body', send: { headers: { 'Content-Encoding': 'gzip' }, body: gzipSync(body()) }, ...ENCODING },
  ...['gzip', 'br', 'identity', ''].map((coding) => ({
    name: `C11: a plain body said to have the encoding ${JSON.stringify(coding)}`,
    send: { headers: { 'Content-Encoding': coding }, body: body() },
    ...ENCODING,
  })),
];

export const BAD_BODIES: readonly BadInput[] = [
  ...json.map(([name, sent, expected]) => ({ name: `C11: ${name}`, send: { body: sent }, ...expected })),
  ...sizes,
  ...types,
];
