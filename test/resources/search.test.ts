import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBridge, NUMBER, putInService } from '../support/admission.ts';
import { DEACTIVATE } from '../support/bodies.ts';
import { get } from '../support/resources.ts';
import { ENGINE } from '../support/database.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

interface Person {
  first?: string;
  last?: string;
  email?: string;
  company?: string;
}

let externalId = 1_000;

/** One client each, of a company each. Returns ids by last name. */
async function provisionAll(server: TestServer, people: readonly Person[]): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  for (const { first = 'Sam', last = 'Sample', email = 'sam@example.org', company = 'Sample Works' } of people) {
    externalId++;
    const answer = await server.provision({ company: { externalId, name: company }, client: { externalId, first, last, email } });
    ids.set(last, answer.data.clientId);
  }
  return ids;
}

async function search(server: TestServer, q: string, more = ''): Promise<string[]> {
  const { status, json, text } = await get(server, `/v1/clients?q=${encodeURIComponent(q)}${more}`);
  assert.equal(status, 200, text);
  assert.equal(json.next, null);
  return json.items.map(({ last }: { last: string }) => last);
}

const PEOPLE: readonly Person[] = [
  { first: 'Sinéad', last: "O'Connor", email: 'sinead@dublin.example' },
  { first: 'Ludwig', last: 'van Beethoven', email: 'l.v.beethoven@bonn.example', company: 'Fidelio & Söhne GmbH' },
  { first: 'Gabriel', last: 'García Márquez', email: 'gabo@macondo.example', company: 'AT&T Latin America' },
  { first: 'Jürgen', last: 'Müller', email: 'annelee77@web.example', company: 'Straßenbau Groß' },
  { first: 'Ivy', last: 'St. John-Smythe', email: 'ivy.smythe+parley@sub.example.co.uk', company: 'The Very Long Company Name' },
  { first: '伟', last: '王', email: 'wei@telecom.example', company: '北京电信有限公司' },
  { first: 'Олена', last: 'Шевченко', email: 'olena@kyiv.example', company: 'Україна Телеком' },
  { first: 'Søren', last: 'Kierkegård', email: 'soren@copenhagen.example', company: 'Æbler ApS' },
  { first: 'İbrahim', last: 'Yıldız', email: 'ibrahim@istanbul.example', company: 'Yıldız Holding' },
];

test('clients are found by any word of theirs, in any order, whole, by its beginning or from within, whatever marks it has', async (t) => {
  const server = await startTestServer(t);
  await provisionAll(server, PEOPLE);
  const finds: Readonly<Record<string, readonly string[]>> = {
    "O'Connor": ['oconnor', "O'Connor", 'o’connor', 'O CONNOR', 'connor sinead', 'Sinéad O’Connor', 'sinead@dublin.example', 'dublin'],
    'van Beethoven': [
      'beethoven',
      'van beethoven',
      'Ludwig beet',
      'vanbeethoven',
      'thoven',
      'soehne',
      'sohne',
      'Söhne Ludwig',
      'fidelio',
      'bonn.example',
    ],
    'García Márquez': ['marquez', 'garcia marquez', 'márquez gabriel', 'AT&T latin', 'att', 'gabo@', '@macondo'],
    Müller: ['mueller', 'muller', 'müller', 'MÜLLER', 'juergen', 'jurgen muel', 'strassenbau', 'straßenbau', 'gross', 'lee77'],
    'St. John-Smythe': [
      'smythe',
      'john-smythe',
      'St. John',
      'johnsmythe',
      'ivy.smythe+parley@sub.example.co.uk',
      'ivy smy',
      'very long',
      'the-very-long-company-name',
      'the-very-long-company-name.parley.localhost',
      'https://the-very-long-company-name.parley.localhost/',
    ],
    王: ['北京', '电信', '北京电信有限公司', '京', '王', '伟 王', 'beijing', 'wei@telecom'],
    Шевченко: ['шевченко', 'Шевч', 'Олена ШЕВЧЕНКО', 'україна', 'shevchenko', 'olena'],
    Kierkegård: ['kierkegaard', 'kierkegard', 'kierkegård', 'soren', 'soeren', 'søren', 'aebler', 'æbler'],
    Yıldız: ['yildiz', 'YILDIZ', 'Yıldız', 'ibrahim', 'İbrahim'],
  };
  for (const [last, queries] of Object.entries(finds))
    for (const q of queries) assert.ok((await search(server, q)).includes(last), `${q} finds ${last}`);
  for (const q of ['smith', 'beethovens', 'oconnor ludwig', 'marquezz', 'xyz', '北海', '...', '- -'])
    assert.deepEqual(await search(server, q), [], q);
});

test('the best match comes first: a whole word before a beginning before a part, a name before an address before a company', async (t) => {
  const server = await startTestServer(t);
  await provisionAll(server, [
    { first: 'Max', last: 'Company', company: 'Ann Works' },
    { first: 'Max', last: 'Address', email: 'ann@example.org' },
    { first: 'Ann', last: 'Whole' },
    { first: 'Annabel', last: 'Beginning' },
    { first: 'Joanna', last: 'Part' },
    { first: 'Max', last: 'Stranger' },
  ]);
  assert.deepEqual(await search(server, 'ann'), ['Whole', 'Address', 'Beginning', 'Company', 'Part']);
  assert.deepEqual(await search(server, 'ann', '&limit=2'), ['Whole', 'Address']);
  assert.deepEqual(await search(server, 'ann max'), ['Address', 'Company']);
});

test('by an id, ours or yours, of the client or the company, and together with a status or a company', async (t) => {
  const server = await startTestServer(t);
  const { data } = await server.provision({ company: { externalId: 5_555 }, client: { externalId: 777_001, last: 'First' } });
  await server.provision({ company: { externalId: 5_555 }, client: { externalId: 777_002, last: 'Second' } });
  await server.provision({ company: { externalId: 5_556, name: 'Other' }, client: { externalId: 777_003, last: 'Third' } });
  assert.deepEqual(await search(server, String(data.clientId)), ['First']);
  assert.deepEqual(await search(server, '777002'), ['Second']);
  assert.deepEqual((await search(server, '5555')).toSorted(), ['First', 'Second']);
  assert.deepEqual((await search(server, String(data.companyId))).toSorted(), ['First', 'Second']);
  await server.post(DEACTIVATE, { clientId: data.clientId });
  assert.deepEqual(await search(server, 'company name', '&status=inactive'), ['First']);
  assert.deepEqual(await search(server, 'me@example.com', `&companyId=${data.companyId}&status=active`), ['Second']);
  assert.deepEqual(await search(server, '777001', '&status=active'), []);
});

test('by a whole pass code exactly, replaced or not, which the audit notes without the code; by no part of it', async (t) => {
  const server = await startTestServer(t);
  const { clientId, passCodes } = (await server.provision()).data;
  const code: string = passCodes.participantPassCode;
  for (const q of [code, `${code.slice(0, 3)} ${code.slice(3, 6)} ${code.slice(6)}`, `${code.slice(0, 5)}-${code.slice(5)}`])
    assert.deepEqual(await search(server, q), ['Last'], q);
  for (const q of [code.slice(0, 9), code.slice(1), `${code}1`, '9070605040']) assert.deepEqual(await search(server, q), [], q);
  const rotated = await server.post(`/v1/clients/${clientId}/rotate-passcodes`, {});
  assert.equal(rotated.status, 200);
  assert.deepEqual(await search(server, code), ['Last']);
  const { items } = (await get(server, '/v1/audit?types=client.looked_up')).json;
  assert.equal(items.length, 4);
  for (const item of items) assert.deepEqual([item.clientId, item.data], [clientId, { externalId: 100, by: 'pass-code' }]);
  assert.doesNotMatch(JSON.stringify(items), new RegExp(code));
  assert.doesNotMatch(server.logged(), new RegExp(code));
  const stranger = { 'X-AUTH-TOKEN': await server.addTenant('stranger') };
  assert.deepEqual((await get(server, `/v1/clients?q=${code}`, stranger)).json.items, []);
  assert.deepEqual((await get(server, '/v1/audit?types=client.looked_up', stranger)).json.items, []);
});

test('by the telephone of somebody who was in the conference, however it is written', async (t) => {
  const server = await startTestServer(t);
  await putInService(server, NUMBER, 'default');
  const bridge = await makeBridge(server);
  const { passCodes } = (await server.provision()).data;
  assert.equal(
    (await bridge.ask({ digits: passCodes.moderatorPassCode, accessNumber: NUMBER, caller: '+14165550123' })).json.action,
    'accept',
  );
  assert.equal((await bridge.ask({ digits: passCodes.moderatorPassCode, caller: 'sip:alice@pbx.example' })).json.action, 'accept');
  for (const q of ['+14165550123', '416-555-0123', '(416) 555 0123', 'tel:+1-416-555-0123', 'sip:alice@pbx.example', 'alice@pbx.example'])
    assert.deepEqual(await search(server, q), ['Last'], q);
  for (const q of ['+14165550124', '5550123', 'bob@pbx.example']) assert.deepEqual(await search(server, q), [], q);
});

test('what has changed is found as it is now, at once; who was erased is found no more, and nothing of the words is left', async (t) => {
  const server = await startTestServer(t);
  const { clientId, companyId } = (await server.provision({ client: { last: 'Oldname' } })).data;
  for (let i = 0; i < 5; i++) await server.provision({ client: { externalId: 200 + i, first: 'Colleague', last: `Nr${i}` } });
  assert.deepEqual(await search(server, 'oldname'), ['Oldname']);
  await server.provision({ client: { last: 'Newname' } });
  assert.deepEqual(await search(server, 'oldname'), []);
  assert.deepEqual(await search(server, 'newname'), ['Newname']);
  await server.provision({ company: { name: 'Renamed Incorporated' }, client: { last: 'Newname' } });
  assert.equal((await search(server, 'renamed')).length, 6);
  assert.deepEqual(await search(server, `Colleague Nr3 incorporated`), ['Nr3']);
  const erased = await server.post(`/v1/clients/${clientId}/erase`, {});
  assert.equal(erased.status, 200, erased.text);
  assert.deepEqual(await server.query(`select text from search_texts where client_id = ${clientId}`), []);
  assert.deepEqual(await search(server, 'newname'), []);
  assert.equal((await search(server, 'renamed', `&companyId=${companyId}`)).length, 5);
});

test('what many changes leave in pieces is brought together, and found as before', async (t) => {
  const first = await startTestServer(t);
  // Each search writes what was changed before it: a piece of its own.
  for (const last of ['Alpha', 'Bravo', 'Charlie']) {
    await provisionAll(first, [{ last, company: `${last} Works` }]);
    assert.deepEqual(await search(first, last), [last]);
  }
  await first.stop();
  const server = await startTestServer(t, first.settings);
  if (ENGINE === 'sqlite') {
    const pieces = async (): Promise<unknown> => (await server.query('select count(distinct segid) as n from search_grams_idx'))[0]?.n;
    await until('one piece', async () => (await pieces()) === 1);
  }
  for (const last of ['Alpha', 'Bravo', 'Charlie']) assert.deepEqual(await search(server, last), [last]);
});

test('tenants are walls for a search, too', async (t) => {
  const server = await startTestServer(t);
  await provisionAll(server, PEOPLE);
  const stranger = { 'X-AUTH-TOKEN': await server.addTenant('stranger') };
  await server.provision({ client: { last: 'Beethoven' } }, stranger);
  const { items } = (await get(server, '/v1/clients?q=beethoven', stranger)).json;
  assert.deepEqual(
    items.map(({ last }: { last: string }) => last),
    ['Beethoven'],
  );
  assert.deepEqual(await search(server, 'beethoven'), ['van Beethoven']);
  assert.deepEqual((await get(server, '/v1/clients?q=the-very-long-company-name.parley.localhost', stranger)).json.items, []);
});

test('what cannot be looked for is refused by name, and nothing in a query is syntax', async (t) => {
  const server = await startTestServer(t);
  await provisionAll(server, PEOPLE);
  for (const [query, field] of [
    ['q=', 'q'],
    [`q=${'a'.repeat(256)}`, 'q'],
    [`q=${Array.from({ length: 13 }, (_, i) => `w${i}`).join('+')}`, 'q'],
    ['q=a&after=5', 'after'],
    ['q=a&email=b@example.org&name=c', 'email'],
  ] as const) {
    const { status, json } = await get(server, `/v1/clients?${query}`);
    assert.equal(status, 422, query);
    assert.ok(JSON.stringify(json).includes(`"${field}"`), query);
  }
  for (const q of [
    '"',
    'a" OR "b',
    '*',
    'NEAR(a b)',
    'grams: x',
    "'; drop table clients; --",
    '%',
    '_',
    '\\',
    '{}',
    '(',
    '·',
    '1··',
    'a·b',
    '😀',
    '\u{1F600} beethoven',
    'ﬁdelio',
  ])
    await search(server, q);
  assert.deepEqual(await search(server, 'ﬁdelio'), ['van Beethoven']);
});
