import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEACTIVATE, provisionBody } from '../support/bodies.ts';
import { get } from '../support/resources.ts';
import { type Answer, startTestServer, type TestServer } from '../support/server.ts';

const VALIDATE = '/v1/clients/validate';

interface ClientJson {
  clientId: number;
  externalId: number;
  status: string;
  first: string;
  last: string;
  email: string;
}

async function listAll(server: TestServer, query = '', limit = 50): Promise<ClientJson[]> {
  const items: ClientJson[] = [];
  for (let after = 0; ;) {
    const { json, status, text } = await get(server, `/v1/clients?limit=${limit}&${query}${after === 0 ? '' : `&after=${after}`}`);
    assert.equal(status, 200, text);
    items.push(...json.items);
    if (json.next === null) return items;
    after = json.next;
  }
}

test('does my record exist there, and as what: by its id and by my own id, without a secret', async (t) => {
  const server = await startTestServer(t);
  const { data } = await server.provision({ client: { password: 'secret123' } }, { 'X-Source-Version': '7' });
  const { clientId, companyId, hub } = data;
  const byId = await get(server, `/v1/clients/${clientId}`);
  assert.equal(byId.status, 200);
  const { createdAt, updatedAt, ...record } = byId.json;
  assert.deepEqual(record, {
    clientId,
    externalId: 100,
    status: 'active',
    first: 'First',
    last: 'Last',
    email: 'me@example.com',
    contact: { address: '123 Street', city: 'Montreal', state: 'Quebec', country: 'CA', postalCode: 'H1H1H1' },
    sourceVersion: 7,
    company: { companyId, externalId: 50, enterpriseId: 799, name: 'Company Name' },
    hub,
    terminateAt: null,
  });
  assert.equal(createdAt, updatedAt);
  assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000);
  assert.equal((await get(server, '/v1/clients/external/100')).text, byId.text);
  for (const secret of ['secret123', ...Object.values(data.passCodes)]) assert.ok(!byId.text.includes(secret));
  assert.equal(byId.headers.get('cache-control'), 'no-store');

  await server.post(DEACTIVATE, { clientId });
  assert.equal((await get(server, '/v1/clients/external/100')).json.status, 'inactive');

  const company = await get(server, `/v1/companies/${companyId}`);
  assert.deepEqual(
    { ...company.json, createdAt: undefined, updatedAt: undefined },
    {
      companyId,
      externalId: 50,
      enterpriseId: 799,
      name: 'Company Name',
      isGlobalMeetEnabled: true,
      isWebConfEnabled: false,
      hub,
      createdAt: undefined,
      updatedAt: undefined,
    },
  );
  assert.equal((await get(server, '/v1/companies/external/50')).text, company.text);
});

test("another tenant's record and one that never was answer alike", async (t) => {
  const server = await startTestServer(t);
  const { clientId, companyId } = (await server.provision()).data;
  const stranger = { 'X-AUTH-TOKEN': await server.addTenant('stranger') };
  for (const [theirs, none] of [
    [`/v1/clients/${clientId}`, '/v1/clients/9007199254740991'],
    ['/v1/clients/external/100', '/v1/clients/external/101'],
    [`/v1/companies/${companyId}`, '/v1/companies/7'],
    ['/v1/companies/external/50', '/v1/companies/external/51'],
  ] as const) {
    const answers: Answer[] = [await get(server, theirs, stranger), await get(server, none)];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 404],
    );
    assert.equal(answers[0]?.text, answers[1]?.text);
  }
  assert.deepEqual((await get(server, '/v1/clients', stranger)).json, { items: [], next: null });
  assert.deepEqual((await get(server, '/v1/companies', stranger)).json, { items: [], next: null });
  assert.equal((await get(server, '/v1/statistics', stranger)).json.clients.active, 0);
  const refused = await get(server, '/v1/clients/abc?x=1');
  assert.deepEqual([refused.status, refused.json.code], [422, 'FIELD_INVALID']);
});

test('search by status, company, e-mail and name, in any case and without accents; filters are combined', async (t) => {
  const server = await startTestServer(t);
  const people = [
    ['Ada', 'Lovelace', 'ada@example.com', 1],
    ['Zoë', 'Østergård', 'Zoe@Example.com', 1],
    ['Anna', 'Lovelace', 'ada@example.com', 2],
    ['Bob', 'Lovelock', 'bob@example.com', 2],
  ] as const;
  const made = [];
  for (const [i, [first, last, email, company]] of people.entries()) {
    made.push(
      await server.provision({
        company: { externalId: company, name: `Côté ${company}` },
        client: { externalId: i + 1, first, last, email },
      }),
    );
  }
  await server.post(DEACTIVATE, { clientId: made[2]?.data.clientId });
  const found = async (query: string) => (await listAll(server, query)).map(({ externalId }) => externalId);
  assert.deepEqual(await found('name=lovelace'), [1, 3]);
  assert.deepEqual(await found('name=LOVE'), [1, 3, 4]);
  assert.deepEqual(await found('name=lovelace%20a'), [1, 3]);
  assert.deepEqual(await found('name=lovelace%20an'), [3]);
  assert.deepEqual(await found('name=ostergard'), [2]);
  assert.deepEqual(await found(`name=${encodeURIComponent('Østergård')}`), [2]);
  assert.deepEqual(await found('email=ZOE@example.com'), [2]);
  assert.deepEqual(await found('email=ada@example.com&status=inactive'), [3]);
  assert.deepEqual(await found('status=active'), [1, 2, 4]);
  assert.deepEqual(await found(`companyId=${made[0]?.data.companyId}`), [1, 2]);
  assert.deepEqual(await found('name=nobody'), []);
  assert.deepEqual(await found('changedSince=2099-01-01'), []);
  assert.deepEqual(await found('changedSince=2020-01-01T00:00:00Z&status=terminated'), []);
  const companies = await get(server, '/v1/companies?name=cote&limit=1');
  assert.equal(companies.json.items.length, 1);
  assert.equal((await get(server, `/v1/companies?name=cote&after=${companies.json.next}`)).json.items[0].externalId, 2);
  // A person who changes their name is found by the new one only.
  await server.provision({
    company: { externalId: 1, name: 'Côté 1' },
    client: { externalId: 1, first: 'Ada', last: 'King', email: 'ada@example.com' },
  });
  assert.deepEqual([await found('name=king'), await found('name=lovelace')], [[1], [3]]);
});

test('paging skips and repeats nothing while clients are made and changed', async (t) => {
  const server = await startTestServer(t);
  const CLIENTS = 300;
  const clients = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => server.provision({ client: { externalId: i + 1 } })));
  let isOver = false;
  const change = async (): Promise<void> => {
    for (let i = 0; !isOver; i++) {
      await Promise.all([
        server.provision({ client: { externalId: CLIENTS + 1 + i } }),
        server.provision({ client: { externalId: 1 + ((i * 7) % CLIENTS), first: `Changed ${i}` } }),
        server.post(DEACTIVATE, { clientId: clients[(i * 11) % CLIENTS]?.data.clientId }),
      ]);
    }
  };
  const read = async (): Promise<void> => {
    for (let round = 0; round < 5; round++) {
      const seen = (await listAll(server, '', 7)).map(({ clientId }) => clientId);
      assert.equal(new Set(seen).size, seen.length, 'none twice');
      const missing = clients.filter(({ data }) => !seen.includes(data.clientId));
      assert.deepEqual(missing, [], 'none left out that was there');
    }
  };
  await Promise.all([change(), read().finally(() => (isOver = true))]);
});

test('what would this provision do: the same outcome, fields and refusals as the provision, and nothing is written', async (t) => {
  const server = await startTestServer(t);
  const before = await server.query('select count(*) as n from journal');
  const fresh = await server.post(VALIDATE, provisionBody());
  assert.deepEqual([fresh.status, fresh.json], [200, { outcome: 'created', changed: [], clientId: null }]);
  assert.deepEqual(await server.query('select count(*) as n from journal'), before);
  assert.deepEqual(await server.query('select count(*) as n from clients'), [{ n: 0 }]);

  await server.provision({ client: { password: 'secret123' } }, { 'X-Source-Version': '5' });
  const cases: [Parameters<typeof provisionBody>[0], Record<string, string>?][] = [
    [{}],
    [{ client: { email: 'new@example.com', password: 'other4567' }, company: { name: 'Other' } }],
    [{ client: { email: 'new@example.com' } }, { 'X-Source-Version': '4' }],
    [{}, { 'X-Source-Version': '6' }],
    [{ client: { externalId: 101 } }],
    [{ client: { externalId: 101 }, company: { name: 'Third' } }],
    [{ client: { externalId: 101 }, company: { enterpriseId: 1 } }],
    [{ company: { externalId: 51 } }],
    [{}, { 'If-None-Match': '*' }],
    [{ client: { email: 'no' }, contact: { country: 'Atlantis' } }],
  ];
  for (const [changes, headers = {}] of cases) {
    const rows = await server.query('select count(*) as n from journal');
    const said = await server.post(VALIDATE, provisionBody(changes), headers);
    assert.deepEqual(await server.query('select count(*) as n from journal'), rows);
    const done = await server.provision(changes, headers);
    assert.equal(said.status, done.status);
    if (done.status === 200) {
      assert.equal(said.json.outcome, done.headers.get('x-provision-outcome'));
      assert.deepEqual(said.json.changed.join(',') || null, done.headers.get('x-provision-changed'));
      assert.equal(said.json.clientId, said.json.outcome === 'created' ? null : done.data.clientId);
    } else assert.equal(said.json.code, done.json.code);
  }
  const { token } = await server.addToken('default', { scopes: ['read'] });
  assert.equal((await server.post(VALIDATE, provisionBody(), { 'X-AUTH-TOKEN': token })).status, 200);
});

test('statistics count what is there, and how full the pool is', async (t) => {
  const server = await startTestServer(t);
  const made = await Promise.all(
    Array.from({ length: 5 }, (_, i) => server.provision({ company: { externalId: 1 + (i % 2) }, client: { externalId: i + 1 } })),
  );
  await server.post(DEACTIVATE, { clientId: made[0]?.data.clientId });
  const { json } = await get(server, '/v1/statistics');
  assert.deepEqual(json, {
    companies: 2,
    clients: { active: 4, inactive: 1, terminated: 0, erased: 0 },
    passCodes: { reserved: 10, space: 9_000_000_000, density: 10 / 9_000_000_000 },
  });
  assert.equal((await get(server, '/v1/statistics?since=x')).status, 422);
});
