import { DEACTIVATE, GET, PROVISION, REACTIVATE } from '../support/bodies.ts';
import { halfClose } from '../support/raw-http.ts';
import { TEST_TOKEN } from '../support/server.ts';
import { type BadInput, body, type Expected, HOST, invalidRequest, MARKER, POST_LINE, TOKEN } from './bad-input.ts';

const UNAUTHORIZED: Expected = {
  status: 401,
  code: 'UNAUTHORIZED',
  message: 'Send one valid API token in the X-AUTH-TOKEN header.',
  headers: { 'www-authenticate': 'X-AUTH-TOKEN realm="parley"' },
};
const NO_PATH: Expected = { status: 404, code: 'PATH_NOT_FOUND', message: 'There is nothing at this path. See /docs for what there is.' };
const NO_METHOD: Expected = { status: 405, code: 'METHOD_NOT_ALLOWED', message: 'Use POST.', headers: { allow: 'POST' } };
const NO_HTTP = invalidRequest('This is not a valid HTTP/1.1 request.');
const ONE_HOST = invalidRequest('Send one Host header.');
const PATH_ALONE = invalidRequest('Send the path alone in the request line, beginning with a slash.');
const ONLY_CHUNKED = invalidRequest('Send no Transfer-Encoding but chunked.');
const HEADERS: Expected = {
  status: 431,
  code: 'HEADERS_TOO_LARGE',
  message: 'Send at most 100 headers and 16 KiB of them.',
  headers: { connection: 'close' },
};
const EXPECTATION: Expected = {
  status: 417,
  code: 'EXPECTATION_FAILED',
  message: 'Only Expect: 100-continue is understood.',
  headers: { connection: 'close' },
};

const GOOD = body();
const LENGTH = `Content-Length: ${GOOD.length}`;
const CHUNKED = 'Transfer-Encoding: chunked';
const SIZE = GOOD.length.toString(16);
const GOOD_CHUNK = `${SIZE}\r\n${GOOD}\r\n`;

const tokens: BadInput[] = [
  ...[
    ['missing', undefined],
    ['empty', ''],
    ['too short', MARKER],
    ['with a scheme', `Bearer ${TEST_TOKEN}`],
    ['with one character more', `${TEST_TOKEN}0`],
    ['in capitals', TEST_TOKEN.toUpperCase()],
    ['followed by a comma', `${TEST_TOKEN},`],
    ['that nobody has', `${MARKER}-token-of-nobody-at-all`],
    ['of 257 characters', MARKER.padEnd(257, 'x')],
    ['of ours with a wrong checksum', `parley_${'a'.repeat(32)}aaaaaa`],
    ['that begins like ours', `parley_${MARKER}`],
  ].map(([what, token]) => ({ name: `C10: a token ${what}`, send: { headers: { 'X-AUTH-TOKEN': token }, body: GOOD }, ...UNAUTHORIZED })),
  { name: 'C10: the token twice', send: { lines: [POST_LINE, HOST, TOKEN, TOKEN, LENGTH], payload: GOOD }, ...UNAUTHORIZED },
  {
    name: 'C10: two tokens, one empty',
    send: { lines: [POST_LINE, HOST, TOKEN, 'x-auth-token:', LENGTH], payload: GOOD },
    ...UNAUTHORIZED,
  },
  {
    name: 'C10: a token beyond ASCII',
    send: { lines: [POST_LINE, HOST, `X-AUTH-TOKEN: ${'é'.repeat(30)}`, LENGTH], payload: GOOD },
    ...UNAUTHORIZED,
  },
  {
    name: 'C10: the token under another name',
    send: { headers: { 'X-AUTH-TOKEN': undefined, Authorization: TEST_TOKEN }, body: GOOD },
    ...UNAUTHORIZED,
  },
  {
    name: 'C10: the token in the query',
    send: { path: `${PROVISION}?X-AUTH-TOKEN=${TEST_TOKEN}`, headers: { 'X-AUTH-TOKEN': undefined }, body: GOOD },
    ...UNAUTHORIZED,
  },
  ...[GET, DEACTIVATE, REACTIVATE].map((path) => ({
    name: `C10: ${path} without a token says nothing of the body`,
    send: { path, headers: { 'X-AUTH-TOKEN': undefined }, body: '{' },
    ...UNAUTHORIZED,
  })),
];

const paths: BadInput[] = [
  ...[PROVISION, DEACTIVATE, REACTIVATE, GET].flatMap((path) =>
    ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'].map((method) => ({
      name: `C27: ${method} ${path}`,
      send: { method, path, ...(method !== 'GET' && { body: GOOD }) },
      ...NO_METHOD,
    })),
  ),
  { name: 'C27: TRACE', send: { lines: [`TRACE ${GET} HTTP/1.1`, HOST, TOKEN] }, ...NO_METHOD },
  {
    name: 'C27: QUERY, which has a body',
    send: { lines: [`QUERY ${GET} HTTP/1.1`, HOST, TOKEN, 'Content-Length: 2'], payload: '{}' },
    ...NO_METHOD,
  },
  { name: 'C27: PUT with a trailing slash', send: { method: 'PUT', path: `${GET}/`, body: GOOD }, ...NO_METHOD },
  { name: 'C27: GET with a query', send: { method: 'GET', path: `${GET}?clientId=1` }, ...NO_METHOD },
  {
    name: 'C27: PUT of what is not JSON',
    send: { method: 'PUT', path: PROVISION, headers: { 'Content-Type': 'application/json' }, body: '{' },
    ...NO_METHOD,
  },
  {
    name: 'C27: PUT without a token',
    send: { method: 'PUT', path: PROVISION, headers: { 'X-AUTH-TOKEN': undefined }, body: GOOD },
    ...NO_METHOD,
  },
  ...[
    '/client',
    '/client/provision',
    '/provisioning/client/get',
    '/provisioning/client/',
    '/Client/Get',
    '/client%2Fget',
    '/provisioning%2Fclient%2Fprovision',
    '/client/get%00',
    '//client/get',
    '/client/get//',
    `/client/get/${MARKER}`,
    '/client/get;a=b',
    `/${'a'.repeat(8_000)}`,
  ].map((path) => ({ name: `C27: POST ${path.slice(0, 40)}`, send: { path, body: GOOD }, ...NO_PATH })),
  {
    name: 'C27: POST past a parent directory',
    send: { lines: ['POST /x/../client/get HTTP/1.1', HOST, TOKEN, LENGTH], payload: GOOD },
    ...NO_PATH,
  },
  { name: 'C27: GET of what is not among the documents', send: { method: 'GET', path: '/docs/static/nothing.js' }, ...NO_PATH },
  {
    name: 'C27: POST of broken JSON to no path',
    send: { path: `/${MARKER}`, headers: { 'Content-Type': 'application/json' }, body: '{' },
    ...NO_PATH,
  },
  {
    name: 'C27: a path with a broken percent escape',
    send: { lines: ['POST /client/%zz HTTP/1.1', HOST, TOKEN, LENGTH], payload: GOOD },
    ...invalidRequest('The request cannot be read.'),
  },
  {
    name: 'C27: a path with an escape that is not UTF-8',
    send: { lines: [`POST ${GET}/%ff HTTP/1.1`, HOST, TOKEN, LENGTH], payload: GOOD },
    ...invalidRequest('The request cannot be read.'),
  },
];

/** What the parser lets through, and two readers could understand differently. */
const ambiguous: BadInput[] = [
  {
    name: 'C11: an absolute-form target',
    send: { lines: [`POST http://parley.test${PROVISION} HTTP/1.1`, HOST, TOKEN, LENGTH], payload: GOOD },
    ...PATH_ALONE,
  },
  { name: 'C11: an asterisk for a target', send: { lines: ['OPTIONS * HTTP/1.1', HOST, TOKEN] }, ...PATH_ALONE },
  { name: 'C11: two Host headers', send: { lines: [POST_LINE, HOST, 'Host: other.test', TOKEN, LENGTH], payload: GOOD }, ...ONE_HOST },
  { name: 'C11: the same Host twice', send: { lines: [POST_LINE, HOST, 'HOST: parley.test', TOKEN, LENGTH], payload: GOOD }, ...ONE_HOST },
  { name: 'C11: no Host', send: { lines: [POST_LINE, TOKEN, LENGTH], payload: GOOD }, ...ONE_HOST },
  {
    name: 'C11: Transfer-Encoding: xchunked',
    send: { lines: [POST_LINE, HOST, TOKEN, 'Transfer-Encoding: xchunked'], payload: `${GOOD_CHUNK}0\r\n\r\n` },
    ...ONLY_CHUNKED,
  },
  {
    name: 'C11: Transfer-Encoding: gzip, chunked',
    send: { lines: [POST_LINE, HOST, TOKEN, 'Transfer-Encoding: gzip, chunked'], payload: `${GOOD_CHUNK}0\r\n\r\n` },
    ...ONLY_CHUNKED,
  },
  {
    name: 'C29: 101 headers',
    send: { lines: [POST_LINE, HOST, TOKEN, LENGTH, ...Array.from({ length: 98 }, (_, i) => `X-A${i}: ${MARKER}`)], payload: GOOD },
    ...HEADERS,
  },
  {
    name: 'C29: an expectation that nobody understands',
    send: { lines: [POST_LINE, HOST, TOKEN, LENGTH, 'Expect: something'], payload: GOOD },
    ...EXPECTATION,
  },
  {
    name: 'C29: an expectation beside 100-continue',
    send: { lines: [POST_LINE, HOST, TOKEN, LENGTH, 'Expect: 100-continue, other'], payload: GOOD },
    ...EXPECTATION,
  },
];

/** Refused by the parser with the headers read: the good body before the fault must not have been acted on. */
const brokenBodies: BadInput[] = [
  ['a chunk size that is not hexadecimal', [CHUNKED], `zz\r\n${GOOD}\r\n0\r\n\r\n`],
  ['a chunk size below zero', [CHUNKED], `-1\r\n${GOOD}\r\n0\r\n\r\n`],
  ['a chunk size with a prefix', [CHUNKED], `0x${GOOD_CHUNK}0\r\n\r\n`],
  ['a chunk size past 64 bits', [CHUNKED], `fffffffffffffffff\r\n${GOOD}\r\n0\r\n\r\n`],
  ['a chunk longer than its size', [CHUNKED], `5\r\n${GOOD}\r\n0\r\n\r\n`],
  ['a chunk extension with a bare line feed', [CHUNKED], `${SIZE};a\n\r\n${GOOD}\r\n0\r\n\r\n`],
  ['a chunk that ends in a bare line feed', [CHUNKED], `${SIZE}\r\n${GOOD}\n0\r\n\r\n`],
  ['a fault after a chunk that holds the whole body', [CHUNKED], `${GOOD_CHUNK}zz\r\n\r\n`],
  ['a trailer that is not a header', [CHUNKED], `${GOOD_CHUNK}0\r\nno header\r\n\r\n`],
].map(([what, lines, payload]) => ({
  name: `C11: ${what as string}`,
  send: { lines: [POST_LINE, HOST, TOKEN, ...(lines as string[])], payload: payload as string },
  ...NO_HTTP,
}));

const cutShort: BadInput[] = [
  {
    name: 'C11: a body one byte shorter than Content-Length, and then nothing',
    send: { lines: [POST_LINE, HOST, TOKEN, `Content-Length: ${GOOD.length + 1}`], payload: GOOD, after: halfClose },
    ...NO_HTTP,
  },
  {
    name: 'C11: chunks without the last one, and then nothing',
    send: { lines: [POST_LINE, HOST, TOKEN, CHUNKED], payload: GOOD_CHUNK, after: halfClose },
    ...NO_HTTP,
  },
];

const unread: BadInput[] = (
  [
    ['C11: Content-Length beside Transfer-Encoding', [POST_LINE, HOST, TOKEN, LENGTH, CHUNKED], `${GOOD_CHUNK}0\r\n\r\n`],
    ['C11: Transfer-Encoding beside Content-Length', [POST_LINE, HOST, TOKEN, CHUNKED, LENGTH], `${GOOD_CHUNK}0\r\n\r\n`],
    ['C11: two different Content-Length', [POST_LINE, HOST, TOKEN, LENGTH, 'Content-Length: 3'], GOOD],
    ['C11: the same Content-Length twice', [POST_LINE, HOST, TOKEN, LENGTH, LENGTH], GOOD],
    ['C11: a Content-Length below zero', [POST_LINE, HOST, TOKEN, 'Content-Length: -1'], GOOD],
    ['C11: a Content-Length that is not a number', [POST_LINE, HOST, TOKEN, 'Content-Length: 1e3'], GOOD],
    ['C11: a Content-Length past 64 bits', [POST_LINE, HOST, TOKEN, 'Content-Length: 99999999999999999999'], GOOD],
    ['C11: chunked before another coding', [POST_LINE, HOST, TOKEN, 'Transfer-Encoding: chunked, gzip'], `${GOOD_CHUNK}0\r\n\r\n`],
    ['C11: a space before the colon', [POST_LINE, HOST, `X-AUTH-TOKEN : ${TEST_TOKEN}`, LENGTH], GOOD],
    ['C11: a header folded over two lines', [POST_LINE, HOST, TOKEN, LENGTH, 'X-A: a\r\n b'], GOOD],
    ['C11: a NUL in a header', [POST_LINE, HOST, TOKEN, LENGTH, 'X-A: a\0b'], GOOD],
    ['C11: a bare line feed after the request line', [`${POST_LINE}\n${HOST}`, TOKEN, LENGTH], GOOD],
    ['C11: a bare carriage return in a header', [POST_LINE, HOST, TOKEN, LENGTH, 'X-A: a\rb'], GOOD],
    ['C11: a header without a name', [POST_LINE, HOST, TOKEN, LENGTH, ': a'], GOOD],
    ['C11: a header without a colon', [POST_LINE, HOST, TOKEN, LENGTH, MARKER], GOOD],
    ['C11: a version of HTTP that is not', [`POST ${PROVISION} HTTP/9.9`, HOST, TOKEN, LENGTH], GOOD],
    ['C11: the preface of HTTP/2', ['PRI * HTTP/2.0'], 'SM\r\n\r\n'],
    ['C11: a method that is not', [`BREW ${PROVISION} HTTP/1.1`, HOST, TOKEN, LENGTH], GOOD],
    ['C11: a method in lower case', [`post ${PROVISION} HTTP/1.1`, HOST, TOKEN, LENGTH], GOOD],
    ['C11: a space in the path', ['POST /client/ get HTTP/1.1', HOST, TOKEN, LENGTH], GOOD],
    ['C11: a byte beyond ASCII in the path', ['POST /cli\u00e9nt/get HTTP/1.1', HOST, TOKEN, LENGTH], GOOD],
    ['C11: the start of TLS', ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'], ''],
    ['C11: a greeting', [`hello ${MARKER}`], ''],
  ] as [string, string[], string][]
).map(([name, lines, payload]) => ({ name, send: { lines, payload }, isUnread: true as const, ...NO_HTTP }));

const oversized: BadInput[] = [
  ['C29: a header of 17,000 bytes', [POST_LINE, HOST, TOKEN, LENGTH, `X-A: ${'a'.repeat(17_000)}`]],
  [
    'C29: headers of 17,000 bytes together',
    [POST_LINE, HOST, TOKEN, LENGTH, ...Array.from({ length: 17 }, (_, i) => `X-A${i}: ${'a'.repeat(1_000)}`)],
  ],
  ['C29: 4,000 headers', [POST_LINE, HOST, TOKEN, LENGTH, ...Array.from({ length: 4_000 }, () => 'A: b')]],
  ['C29: a path of 17,000 bytes', [`POST /${'a'.repeat(17_000)} HTTP/1.1`, HOST, TOKEN, LENGTH]],
].map(([name, lines]) => ({
  name: name as string,
  send: { lines: lines as string[], payload: GOOD },
  isUnread: true as const,
  ...HEADERS,
}));

export const BAD_REQUESTS: readonly BadInput[] = [...tokens, ...paths, ...ambiguous, ...brokenBodies, ...cutShort, ...unread, ...oversized];
