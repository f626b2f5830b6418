import { DEACTIVATE, GET, REACTIVATE } from '../support/bodies.ts';
import { type BadInput, body, bodyWithId, type Expected, MARKER, refused } from './bad-input.ts';

const SUCH_AS = 'such as me@example.com';
const ALONE = `must be the address alone, ${SUCH_AS}`;
const NAME = `${ALONE}: leave out the name and the brackets around`;
const NO_AT = `must have an "@" and a domain after it, ${SUCH_AS}`;
const FULL_STOPS = `must have plain full stops, ${SUCH_AS}: write "." for "。"`;
const SEVERAL = `must be one address, ${SUCH_AS}: send one of them`;
const DOMAIN_LAST = `must end with its domain, ${SUCH_AS}: leave out what follows it`;
const ID = 'must be a whole number from 1 to 9007199254740991';
const REQUIRED = 'is required';
const BLANK = 'must not be blank';
const TOO_LONG = 'must be at most 255 characters';
const CONTROL = 'must not hold control characters';
const SURROGATE = 'must be valid Unicode: it holds half of a surrogate pair';
const EMAIL = 'must be an e-mail address, such as me@example.com';
const COUNTRY = 'must be a country: a name, such as Germany, or an ISO 3166-1 code';
const BOTH_BLANK = 'must not be blank where the other name is blank: client.first or client.last is needed';
const invisible = (codePoint: string): string => `must not hold characters that nobody sees: leave out ${codePoint}`;
const STATE = 'is required when contact.country is the United States';
const OBJECT = 'must be an object';
const PASSWORD_LENGTH = 'must have 8 to 128 characters, or be "" to have one generated';

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40));

function field(name: string, path: string, value: unknown, expected: Expected): BadInput {
  const [object = '', member = ''] = path.split('.');
  return { name, send: { body: body({ [object]: { [member]: value } }) }, ...expected };
}

/** Every field with every type that is not its own. */
function wrongTypes(): BadInput[] {
  const kinds: { paths: string[]; values: unknown[]; sentence: string }[] = [
    {
      paths: ['company.externalId', 'company.enterpriseId', 'client.externalId'],
      values: [null, true, false, [], [5], {}, ''],
      sentence: ID,
    },
    { paths: ['company.name', 'client.first', 'client.last'], values: [null, 5, true, ['a'], {}], sentence: 'must be a text' },
    {
      paths: ['company.isGlobalMeetEnabled', 'company.isWebConfEnabled'],
      values: ['true', '', 1, 0, [], {}],
      sentence: 'must be true or false',
    },
    { paths: ['client.email'], values: [null, 5, false, ['me@example.com'], {}], sentence: EMAIL },
    { paths: ['client.password'], values: [12345678, true, [], {}], sentence: 'must be a text, or "" to have one generated' },
    {
      paths: ['contact.address', 'contact.city', 'contact.state', 'contact.postalCode'],
      values: [5, false, [], {}],
      sentence: 'must be a text, or null',
    },
    { paths: ['contact.country'], values: [null, 1, true, ['Canada'], {}], sentence: COUNTRY },
  ];
  return kinds.flatMap(({ paths, values, sentence }) =>
    paths.flatMap((path) => values.map((value) => field(`C13: ${path} as ${shown(value)}`, path, value, refused({ [path]: sentence })))),
  );
}

function missing(): BadInput[] {
  const required = [
    'company.externalId',
    'company.enterpriseId',
    'company.name',
    'client.externalId',
    'client.first',
    'client.last',
    'client.email',
    'contact.country',
  ];
  const allOf = (object: string): Expected =>
    refused(Object.fromEntries(required.filter((path) => path.startsWith(object)).map((path) => [path, REQUIRED])), 'FIELD_REQUIRED');
  return [
    ...required.map((path) => field(`C13: ${path} missing`, path, undefined, refused({ [path]: REQUIRED }, 'FIELD_REQUIRED'))),
    ...['company', 'client', 'contact'].map((object) => ({
      name: `C13: ${object} missing`,
      send: { body: body({ [object]: undefined }) },
      ...allOf(object),
    })),
    { name: 'C13: an empty object names all that is required', send: { body: '{}' }, ...allOf('') },
    ...['company', 'client', 'contact'].flatMap((object) =>
      [null, 5, 'text', []].map((value) => ({
        name: `C13: ${object} as ${shown(value)}`,
        send: { body: body({ [object]: value }) },
        ...refused({ [object]: OBJECT }),
      })),
    ),
  ];
}

const ids: BadInput[] = [
  ...[
    '0',
    '-0',
    '-1',
    '1.5',
    '1e-1',
    '9007199254740992',
    '9007199254740993',
    '9007199254740991.4',
    '1.00000000000000000001',
    `1.${'0'.repeat(250_000)}1`,
    '90071992547409911e-1',
    '18446744073709551617',
    '1e400',
    '-1e400',
    '5e-324',
  ].map((literal) => ({
    name: `C14: client.externalId as the number ${literal.slice(0, 30)}`,
    send: { body: bodyWithId(literal) },
    ...refused({ 'client.externalId': ID }),
  })),
  ...[
    '0',
    '-5',
    '+5',
    '1.5',
    '1.0',
    '1e2',
    ' 5',
    '5 ',
    '5\n',
    '0x10',
    '1_000',
    '1,000',
    '١٢',
    '５',
    '9007199254740992',
    '00000000000000001',
    'abc',
  ].map((text) =>
    field(`C14: client.externalId as the string ${JSON.stringify(text)}`, 'client.externalId', text, refused({ 'client.externalId': ID })),
  ),
];

const texts: BadInput[] = [
  field('C13: company.name of 256 characters', 'company.name', 'n'.repeat(256), refused({ 'company.name': TOO_LONG })),
  field('C13: client.first of 256 characters beyond the BMP', 'client.first', '𝒜'.repeat(256), refused({ 'client.first': TOO_LONG })),
  field('C13: contact.address of 256 characters', 'contact.address', 'a'.repeat(256), refused({ 'contact.address': TOO_LONG })),
  field('C13: contact.country of 256 characters', 'contact.country', 'a'.repeat(256), refused({ 'contact.country': TOO_LONG })),
  field('C13: company.name empty', 'company.name', '', refused({ 'company.name': BLANK })),
  ...['', ' ', ' \t\u00a0\u3000\ufeff\n'].map((blank) => ({
    name: `C13: both names of a client blank, ${JSON.stringify(blank)}`,
    send: { body: body({ client: { first: blank, last: '' } }) },
    ...refused({ 'client.first': BOTH_BLANK, 'client.last': BOTH_BLANK }),
  })),
  field('C13: contact.country blank', 'contact.country', ' ', refused({ 'contact.country': BLANK })),
  ...(
    ['company.name', 'client.first', 'client.last', 'contact.city', 'contact.state', 'contact.postalCode', 'contact.country'] as const
  ).flatMap((path) => [
    field(`C13: ${path} with a NUL`, path, 'a\0b', refused({ [path]: CONTROL })),
    field(`C13: ${path} with half of a surrogate pair`, path, 'a\ud800b', refused({ [path]: SURROGATE })),
  ]),
  field('C13: client.first with a line feed within', 'client.first', 'a\nb', refused({ 'client.first': CONTROL })),
  field('C13: client.first with DEL', 'client.first', 'a\u007f', refused({ 'client.first': CONTROL })),
  field('C13: client.first with a C1 control', 'client.first', 'a\u0085b', refused({ 'client.first': CONTROL })),
  field('C13: client.last with the second half of a pair alone', 'client.last', '\udc00', refused({ 'client.last': SURROGATE })),
];

/** One or more of every kind of character that nobody sees. */
const INVISIBLES = [
  '\u00ad \u034f \u061c \u115f \u1160 \u17b4 \u180b \u180e \u200b \u200c \u200d \u200e \u200f \u2028 \u2029 \u202a \u202b \u202c \u202d \u202e \u2060 \u2061 \u2064 \u2065 \u2066 \u2067 \u2068 \u2069',
  '\u206a \u206f \u2800 \u3164 \ue000 \uf8ff \ufdd0 \ufe00 \ufe0e \ufe0f \ufeff \uffa0 \ufff0 \ufff9 \ufffa \ufffb \ufffc \ufffe \uffff \u{1bca0} \u{1d173} \u{1fffe} \u{e0001} \u{e0020} \u{e0041} \u{e007f} \u{e0100}',
  '\u{e01ef} \u{e0fff} \u{f0000} \u{10fffd} \u{10ffff}',
].flatMap((row) => row.split(' '));
const hex = (character: string): string => `U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`;

const invisibles: BadInput[] = [
  ...INVISIBLES.map((character) =>
    field(
      `C13: client.first with ${hex(character)}`,
      'client.first',
      `A${character}b`,
      refused({ 'client.first': invisible(hex(character)) }),
    ),
  ),
  ...(
    ['company.name', 'client.last', 'contact.address', 'contact.city', 'contact.state', 'contact.country', 'contact.postalCode'] as const
  ).map((path) => field(`C13: ${path} with a zero-width space`, path, 'Can\u200bada', refused({ [path]: invisible('U+200B') }))),
  field(
    'C13: client.email with a zero-width space',
    'client.email',
    'me@exam\u200bple.com',
    refused({ 'client.email': invisible('U+200B') }, 'EMAIL_INVALID'),
  ),
  ...[
    ['a joiner between Latin letters', 'Mari\u200da', 'U+200D'],
    ['a non-joiner at the end of a Persian word', 'نامه\u200c', 'U+200C'],
    ['two non-joiners within a Persian word', 'می\u200c\u200cروم', 'U+200C'],
    ['a joiner between emoji and text', '👩\u200dAnn', 'U+200D'],
    ['two joiners between emoji', '👩\u200d\u200d👧', 'U+200D'],
    ['a variation selector after a letter', 'A\ufe0f', 'U+FE0F'],
    ['a variation selector after a digit', '1\ufe0f', 'U+FE0F'],
    ['two variation selectors after an emoji', '❤\ufe0f\ufe0f', 'U+FE0F'],
    ['tags after an emoji that is no flag', '🦜\u{e0061}\u{e007f}', 'U+E0061'],
    ['tags without an end after a flag', '🏴\u{e0067}\u{e0062}\u{e0065}', 'U+E0067'],
    ['a long text in tags after a flag', `🏴${'\u{e0061}'.repeat(40)}\u{e007f}`, 'U+E0061'],
    ['an override of direction', 'abc\u202egpj.exe', 'U+202E'],
    ['nothing but a Hangul filler', '\u3164', 'U+3164'],
  ].map(([what, value, codePoint]) =>
    field(`C13: client.first with ${what}`, 'client.first', value, refused({ 'client.first': invisible(codePoint as string) })),
  ),
];

const emails: BadInput[] = [
  ['plain', NO_AT],
  ['example.com', NO_AT],
  ['me@', NO_AT],
  ['@example.com', `must have a mailbox before the "@", ${SUCH_AS}`],
  ['mailto:me@example.com', `${ALONE}: leave out "mailto:"`],
  ['MAILTO:me@example.com?subject=x', `${ALONE}: leave out "mailto:"`],
  ['me@example。com', FULL_STOPS],
  ['me@example．com', FULL_STOPS],
  ['me@example｡com', FULL_STOPS],
  ['me＠example.com', `must have a plain "@", ${SUCH_AS}`],
  ['Ann <me@example.com>', NAME],
  ['"Ann, B." <me@example.com>', NAME],
  ['<me@example.com>', NAME],
  ['Ann me@example.com', NAME],
  ['me@example.com (Ann)', NAME],
  ['me@example.com, you@example.com', SEVERAL],
  ['me@example.com;you@example.com', SEVERAL],
  ['me@example.com you@example.com', SEVERAL],
  ['me@example.com/you@example.com', SEVERAL],
  ['me@exam ple.com', `must not hold spaces, ${SUCH_AS}`],
  ['"me@example.com"', `${ALONE}: leave out the quotation marks`],
  ["'me@example.com'", `${ALONE}: leave out the quotation marks`],
  ['me@example.com.', DOMAIN_LAST],
  ['me@example.com;', DOMAIN_LAST],
  ['me@example.com,', DOMAIN_LAST],
  ['me@münchen.example.', DOMAIN_LAST],
  ['me@-example.com', EMAIL],
  ['me@example-.com', EMAIL],
  ['me@exa!mple.com', EMAIL],
  ['me@example.com/path', EMAIL],
  ['me@[example]', EMAIL],
  [`me@${'e'.repeat(64)}.com`, EMAIL],
  ['me@@example.com', EMAIL],
  ['me you@example.com', NAME],
  ['me@example..com', EMAIL],
  ['me@.com', EMAIL],
  [`${'m'.repeat(65)}@example.com`, EMAIL],
  [`me@${'e'.repeat(253)}`, TOO_LONG],
  ['', BLANK],
  ['me@exam\u0000ple.com', CONTROL],
  ['me@exam\ud800ple.com', SURROGATE],
].map(([value = '', sentence = '']) =>
  field(`C13: client.email as ${shown(value)}`, 'client.email', value, refused({ 'client.email': sentence }, 'EMAIL_INVALID')),
);

const passwords: BadInput[] = [
  ['of 7 characters', `${MARKER}123`, PASSWORD_LENGTH],
  ['of 129 characters', MARKER + '1'.repeat(125), PASSWORD_LENGTH],
  ['of 7 characters beyond the BMP', `${MARKER}1𝒜𝒜`, PASSWORD_LENGTH],
  ['of one space', ' ', PASSWORD_LENGTH],
  ['with half of a surrogate pair', `${MARKER}1234\ud800`, PASSWORD_LENGTH],
  ['without a digit', MARKER.repeat(2), 'must hold a letter and a digit'],
  ['without a letter', '1234567890', 'must hold a letter and a digit'],
  ['of spaces', ' '.repeat(8), 'must hold a letter and a digit'],
  ['with a control character', `${MARKER}1234\u0007`, CONTROL],
  ['with a line feed at its end', `${MARKER}12345\n`, CONTROL],
].map(([what = '', value = '', sentence = '']) =>
  field(`C21: a password ${what}`, 'client.password', value, refused({ 'client.password': sentence }, 'PASSWORD_UNACCEPTABLE')),
);

const unknownCountry = (hint: string): string => `is not a country we know; ${hint}`;
const NO_HINT = unknownCountry('send a name, such as Germany, or an ISO 3166-1 code');
const CONGO = 'means several countries; send "Democratic Republic of the Congo" or "Republic of the Congo"';

const countries: BadInput[] = [
  ['Canadda', unknownCountry('did you mean "Canada"?')],
  ['Unitd States', unknownCountry('did you mean "United States of America"?')],
  ['Germny', unknownCountry('did you mean "Germany"?')],
  ['Atlantis Prime', NO_HINT],
  ['Congo', CONGO],
  [' the  CONGO ', CONGO],
  ['XX', NO_HINT],
  ['U', NO_HINT],
  ['999', NO_HINT],
  ['__proto__', NO_HINT],
  ['constructor', NO_HINT],
  ['--', NO_HINT],
].map(([value = '', sentence = '']) =>
  field(`C23: contact.country as ${shown(value)}`, 'contact.country', value, refused({ 'contact.country': sentence }, 'COUNTRY_UNKNOWN')),
);

const USA = [
  'US',
  'USA',
  'U.S.',
  'U.S.A.',
  'United States',
  'United States of America',
  'usa',
  'u. s. a.',
  ' united   STATES ',
  'UnitedStates',
  'the United States of America',
];

const states: BadInput[] = USA.flatMap((country) =>
  [undefined, null, '', ' \t\u00a0'].map((state) => ({
    name: `C8: ${JSON.stringify(country)} with contact.state ${shown(state)}`,
    send: { body: body({ contact: { country, state } }) },
    ...refused({ 'contact.state': STATE }, 'STATE_REQUIRED'),
  })),
);

const together: BadInput[] = [
  {
    name: 'C25: several fields that break one rule keep its code',
    send: { body: body({ company: { name: '' }, client: { last: 'l'.repeat(256) } }) },
    ...refused({ 'company.name': BLANK, 'client.last': TOO_LONG }),
  },
  {
    name: 'C25: several fields that break different rules are FIELDS_INVALID, all named at once',
    send: {
      body: body({
        company: { externalId: 0, isWebConfEnabled: 'no' },
        client: { first: undefined, email: 'nobody', password: MARKER },
        contact: { country: 'USA', state: null, city: 5 },
      }),
    },
    status: 422,
    code: 'FIELDS_INVALID',
    message:
      'Correct and send again: company.isWebConfEnabled, client.first, contact.city, company.externalId, client.password, client.email, contact.state.',
    data: {
      'company.isWebConfEnabled': 'must be true or false',
      'client.first': REQUIRED,
      'contact.city': 'must be a text, or null',
      'company.externalId': ID,
      'client.password': PASSWORD_LENGTH,
      'client.email': NO_AT,
      'contact.state': STATE,
    },
  },
];

const terms: BadInput[] = [
  ...['"an-etag"', 'yes', '', '*, *'].map((value) => ({
    name: `C17: If-None-Match as ${JSON.stringify(value)}`,
    send: { body: body(), headers: { 'If-None-Match': value } },
    ...refused({ 'If-None-Match': 'must be * or left out: records have no entity tags' }),
  })),
  ...['-1', '1.5', 'abc', '', '1e3', '9007199254740992', '00000000000000001', '1, 2'].map((value) => ({
    name: `C19: X-Source-Version as ${JSON.stringify(value)}`,
    send: { body: body(), headers: { 'X-Source-Version': value } },
    ...refused({ 'X-Source-Version': 'must be a whole number from 0 to 9007199254740991' }),
  })),
];

function clientIds(): BadInput[] {
  const wrong = [
    'null',
    'true',
    '[]',
    '[10000000]',
    '{}',
    '""',
    '"1e2"',
    '" 5"',
    '"١٢"',
    '0',
    '-1',
    '1.5',
    '9007199254740992',
    '9007199254740991.4',
    '1e400',
  ];
  const absent = ['1', '10000000', '2147483648', '"2147483648"', '9007199254740991'];
  return [GET, DEACTIVATE, REACTIVATE].flatMap((path) => [
    {
      name: `C14: ${path} without clientId`,
      send: { path, body: `{"${MARKER}":1}` },
      ...refused({ clientId: REQUIRED }, 'FIELD_REQUIRED'),
    },
    ...wrong.map((literal) => ({
      name: `C14: ${path} with clientId ${literal}`,
      send: { path, body: `{"clientId":${literal},"${MARKER}":1}` },
      ...refused({ clientId: ID }),
    })),
    ...absent.map((literal) => ({
      name: `C28: ${path} with clientId ${literal}, which nobody has`,
      send: { path, body: `{"clientId":${literal},"${MARKER}":1}` },
      status: 404,
      code: 'CLIENT_NOT_FOUND' as const,
      message: 'No such client. Provision it first, or check the clientId.',
      data: { clientId: 'is not the clientId of any client of yours' },
    })),
  ]);
}

export const BAD_FIELDS: readonly BadInput[] = [
  ...wrongTypes(),
  ...missing(),
  ...ids,
  ...texts,
  ...invisibles,
  ...emails,
  ...passwords,
  ...countries,
  ...states,
  ...together,
  ...terms,
  ...clientIds(),
];
