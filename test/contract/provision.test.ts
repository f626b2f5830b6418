import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GET } from '../support/bodies.ts';
import { startTestServer } from '../support/server.ts';

test('C1: provisioning creates the company, the client, the reservation and the hub', async (t) => {
  const server = await startTestServer(t);
  const { status, data, headers } = await server.provision();
  assert.equal(status, 200);
  assert.equal(headers.get('x-provision-outcome'), 'created');
  const got = await server.post(GET, { clientId: data.clientId });
  assert.deepEqual(got.json, { clientId: data.clientId, hub: data.hub });
  for (const [table, rows] of [['companies', 1], ['clients', 1], ['reservations', 1], ['hubs', 1], ['pass_codes', 2]] as const) {
    assert.deepEqual(server.query(`select count(*) as n from ${table}`), [{ n: rows }], table);
  }
});

test('C2: provisioning the same client again leaves one client and gives the same bytes', async (t) => {
  const server = await startTestServer(t);
  const first = await server.provision();
  const again = await server.provision();
  assert.equal(again.text, first.text);
  assert.equal(again.headers.get('x-provision-outcome'), 'unchanged');
  assert.deepEqual(server.query('select count(*) as n from clients'), [{ n: 1 }]);
});
