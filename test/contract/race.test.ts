import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

async function countOf(server: TestServer, table: string): Promise<unknown> {
  return (await server.query(`select count(*) as n from ${table}`))[0]?.n;
}

test('C15: 1,000 raced provisions of one client leave one client and give one answer', async (t) => {
  const server = await startTestServer(t);
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => server.provision()));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
  const outcomes = answers.map(({ headers }) => headers.get('x-provision-outcome'));
  assert.equal(outcomes.filter((outcome) => outcome === 'created').length, 1);
  for (const [table, n] of Object.entries({ companies: 1, hubs: 1, clients: 1, reservations: 1, pass_codes: 2 }))
    assert.equal(await countOf(server, table), n, table);
});

test('C15: 200 raced clients of one new company leave one company and one hub', async (t) => {
  const server = await startTestServer(t);
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => server.provision({ client: { externalId: i + 1 } })));
  assert.equal(new Set(answers.map(({ data }) => data.companyId)).size, 1);
  assert.equal(new Set(answers.map(({ data }) => data.hub.hubUrl)).size, 1);
  assert.equal(new Set(answers.map(({ data }) => data.clientId)).size, 200);
  assert.deepEqual([await countOf(server, 'companies'), await countOf(server, 'hubs'), await countOf(server, 'clients')], [1, 1, 200]);
});

test('C17: of 100 raced strict creates exactly one succeeds', async (t) => {
  const server = await startTestServer(t);
  const answers = await Promise.all(Array.from({ length: 100 }, () => server.provision({}, { 'If-None-Match': '*' })));
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, ...Array.from({ length: 99 }, () => 409)],
  );
});

test('C20: of raced conflicting pairs one wins and the other writes nothing, and neighbours in the group are untouched', async (t) => {
  const server = await startTestServer(t);
  const pairs = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      const client = { externalId: i + 1 };
      const [left, right, neighbour] = await Promise.all([
        server.provision({ company: { externalId: 1_000 + i }, client }),
        server.provision({ company: { externalId: 2_000 + i }, client }),
        server.provision({ company: { externalId: 3_000 + i }, client: { externalId: 1_000 + i } }),
      ]);
      assert.equal(neighbour.status, 200);
      return [left, right];
    }),
  );
  for (const pair of pairs) {
    assert.deepEqual(
      pair.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 409],
    );
    assert.equal(pair.find(({ status }) => status === 409)?.json.code, 'CLIENT_COMPANY_MISMATCH');
  }
  assert.deepEqual([await countOf(server, 'companies'), await countOf(server, 'hubs'), await countOf(server, 'clients')], [200, 200, 200]);
});

test('C5, C6: raced deactivations and reactivations all succeed and leave one of the two', async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => server.post(i % 2 ? DEACTIVATE : REACTIVATE, { clientId })));
  assert.deepEqual(new Set(answers.map(({ text }) => text)), new Set(['{"status":"success"}']));
  assert.match(String((await server.query('select status from clients'))[0]?.status), /^(in)?active$/);
});
