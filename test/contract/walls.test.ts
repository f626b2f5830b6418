import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { DEACTIVATE, GET, PROVISION, provisionBody, REACTIVATE } from '../support/bodies.ts';
import { exchange, type RawAnswer } from '../support/raw-http.ts';
import { post, startTestServer, type TestServer } from '../support/server.ts';

const CALLS = [GET, DEACTIVATE, REACTIVATE];
const DIFFERS_ALWAYS = new Set(['date', 'x-request-id']);

/** A token used once, so that even what is left of its rate compares. */
async function ask(server: TestServer, tenant: string, path: string, clientId: number, accept: string): Promise<RawAnswer> {
  const { token } = await server.addToken(tenant);
  const body = JSON.stringify({ clientId });
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: parley.test',
    `X-AUTH-TOKEN: ${token}`,
    `Accept: ${accept}`,
    `Content-Length: ${body.length}`,
  ];
  const answer = await exchange(server.url, { bytes: [...head, '', body].join('\r\n') });
  assert.ok(answer);
  return answer;
}

/** All that the caller can see, as bytes, in the order of the wire. */
function visible({ status, rawHeaders, text }: RawAnswer): string {
  const headers = rawHeaders.filter(([name]) => !DIFFERS_ALWAYS.has(name.toLowerCase()));
  return [status, ...headers.map((header) => header.join(': ')), text].join('\n');
}

test("C28: another tenant's client and one that never was get the same answer, byte for byte, from every call and in both forms", async (t) => {
  const server = await startTestServer(t);
  const theirs = await server.addTenant('theirs');
  await server.provision();
  const { json } = await post(`${server.url}${PROVISION}`, provisionBody(), { 'X-AUTH-TOKEN': theirs });
  const foreign: number = json.data.clientId;
  await post(`${server.url}${PROVISION}`, provisionBody({ client: { externalId: 101 } }), { 'X-AUTH-TOKEN': theirs });
  await post(`${server.url}${DEACTIVATE}`, { clientId: foreign + 1 }, { 'X-AUTH-TOKEN': theirs });
  const never = foreign + 7_000_000;

  for (const path of CALLS) {
    for (const accept of ['application/json', 'application/problem+json']) {
      const unknown = await ask(server, 'default', path, never, accept);
      assert.equal(unknown.status, 404);
      assert.match(unknown.text, /"code":"CLIENT_NOT_FOUND"/);
      for (const clientId of [foreign, foreign + 1]) {
        assert.equal(visible(await ask(server, 'default', path, clientId, accept)), visible(unknown), `${path} ${clientId} ${accept}`);
      }
    }
  }
});

test("C28: no call with one tenant's token changes anything of another's", async (t) => {
  const server = await startTestServer(t);
  const theirs = await server.addTenant('theirs');
  const headers = { 'X-AUTH-TOKEN': theirs };
  const provisioned = await post(`${server.url}${PROVISION}`, provisionBody(), headers);
  const clientId: number = provisioned.json.data.clientId;
  const other = await post(`${server.url}${PROVISION}`, provisionBody({ client: { externalId: 101 } }), headers);
  await post(`${server.url}${DEACTIVATE}`, { clientId: other.json.data.clientId }, headers);
  const tenantId = Number((await server.query(`select tenant_id from clients where client_id = ${clientId}`))[0]?.tenant_id);
  const theirRows = async (): Promise<unknown> => ({
    companies: await server.query(`select * from companies where tenant_id = ${tenantId}`),
    clients: await server.query(`select * from clients where tenant_id = ${tenantId}`),
    hubs: await server.query(`select hubs.* from hubs join companies using (company_id) where companies.tenant_id = ${tenantId}`),
    reservations: await server.query(
      `select reservations.* from reservations join clients using (client_id) where clients.tenant_id = ${tenantId}`,
    ),
    passCodes: await server.query(
      `select pass_codes.* from pass_codes join reservations using (reservation_id) join clients using (client_id) where clients.tenant_id = ${tenantId}`,
    ),
  });
  const before = await theirRows();

  for (const path of CALLS) {
    assert.equal((await server.post(path, { clientId })).status, 404);
    assert.equal((await server.post(path, { clientId: other.json.data.clientId })).status, 404);
  }
  await server.provision({ company: { name: 'Taken Over', enterpriseId: 1 }, client: { first: 'Mallory', password: 'taken0ver' } });
  await server.provision({ client: { externalId: 101, email: 'mallory@example.com' }, company: { enterpriseId: 1 } });
  assert.deepEqual(await theirRows(), before);
  assert.equal((await post(`${server.url}${PROVISION}`, provisionBody(), headers)).text, provisioned.text);
});

test('C28: the same external ids in two tenants are two companies, two hubs and two clients', async (t) => {
  const server = await startTestServer(t);
  const theirs = await server.addTenant('theirs');
  const mine = (await server.provision()).data;
  const answer = await post(`${server.url}${PROVISION}`, provisionBody(), { 'X-AUTH-TOKEN': theirs });
  assert.equal(answer.headers.get('x-provision-outcome'), 'created');
  const yours = answer.json.data as typeof mine;

  const facts = (data: typeof mine): unknown[] => [
    data.companyId,
    data.clientId,
    data.hub.hubId,
    data.hub.hubUrl,
    data.password,
    data.passCodes.moderatorPassCode,
    data.passCodes.participantPassCode,
  ];
  const shared = facts(mine).filter((fact) => facts(yours).includes(fact));
  assert.deepEqual(shared, []);
  assert.deepEqual(await server.query('select count(distinct tenant_id) as tenants, count(*) as n from clients'), [{ tenants: 2, n: 2 }]);
  assert.deepEqual((await post(`${server.url}${GET}`, { clientId: yours.clientId }, { 'X-AUTH-TOKEN': theirs })).json, {
    clientId: yours.clientId,
    hub: yours.hub,
  });
});

test('C28: a company of one tenant is never joined by a client of another, whatever its enterprise', async (t) => {
  const server = await startTestServer(t);
  const theirs = await server.addTenant('theirs');
  await server.provision();
  const changes = { company: { enterpriseId: 1, name: 'Namesake' }, client: { externalId: 200 } };
  const answer = await post(`${server.url}${PROVISION}`, provisionBody(changes), { 'X-AUTH-TOKEN': theirs });
  assert.equal(answer.status, 200, 'no CLIENT_COMPANY_MISMATCH or COMPANY_ENTERPRISE_MISMATCH that would tell of the other tenant');
  assert.deepEqual(await server.query('select enterprise_id, name from companies order by company_id'), [
    { enterprise_id: 799, name: 'Company Name' },
    { enterprise_id: 1, name: 'Namesake' },
  ]);
});

test("C28: two hundred probes around the ids in use find only what is the token's own", async (t) => {
  const server = await startTestServer(t);
  const theirs = await server.addTenant('theirs');
  const own = new Set<number>();
  for (let i = 0; i < 10; i++) {
    const { data } = await server.provision({ client: { externalId: 1_000 + i } });
    own.add(data.clientId);
    await post(`${server.url}${PROVISION}`, provisionBody({ client: { externalId: 1_000 + i } }), { 'X-AUTH-TOKEN': theirs });
  }
  const issued = (await server.query('select client_id from clients')).map((row) => row.client_id as number);
  const lowest = Math.min(...issued);
  const highest = Math.max(...issued);
  const foreign = issued.filter((clientId) => !own.has(clientId));
  assert.equal(foreign.length, 10);

  const states = () => server.query('select client_id, status from clients order by client_id');
  const before = await states();
  const bodies = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const clientId: number = i < foreign.length ? (foreign[i] as number) : randomInt(lowest - 50, highest + 51);
    const path = CALLS[i % CALLS.length] as string;
    if (own.has(clientId) && path !== GET) continue;
    const { status, text, json } = await server.post(path, { clientId });
    if (own.has(clientId)) assert.equal(json.clientId, clientId);
    else {
      assert.equal(status, 404, `${path} ${clientId}`);
      bodies.add(text);
    }
  }
  assert.equal(bodies.size, 1);
  assert.deepEqual(await states(), before);
});
