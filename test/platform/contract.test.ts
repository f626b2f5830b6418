import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { DEACTIVATE, GET, provisionBody, REACTIVATE, SIGN_ON, type BodyChanges } from '../support/bodies.ts';
import { startGateway } from '../support/gateway.ts';
import { get } from '../support/resources.ts';
import { runParley } from '../support/process.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** What callers may rely on, whoever gives out the ids. */
const PLATFORMS: Record<string, (t: TestContext) => Promise<TestServer>> = {
  'built-in': (t) => startTestServer(t),
  remote: async (t) => (await startGateway(t)).gateway,
};

for (const [name, start] of Object.entries(PLATFORMS)) {
  test(`${name}: created once, then unchanged byte for byte, then updated in what differs alone`, async (t) => {
    const server = await start(t);
    const outcomeOf = async (changes: BodyChanges, headers: Record<string, string> = {}) => {
      const answer = await server.provision(changes, headers);
      assert.equal(answer.status, 200, answer.text);
      return { text: answer.text, outcome: answer.headers.get('x-provision-outcome'), changed: answer.headers.get('x-provision-changed') };
    };
    const created = await outcomeOf({});
    assert.match(
      created.text,
      /^\{"status":"success","data":\{"companyId":\d{6,},"clientId":\d{8,},"password":"[^"]+","passCodes":\{"moderatorPassCode":"[1-9]\d{9}","participantPassCode":"[1-9]\d{9}"\},"hub":\{"hubId":\d{6,},"hubUrl":"[a-z0-9.-]+"\}\}\}$/,
    );
    assert.deepEqual(await outcomeOf({}), { ...created, outcome: 'unchanged', changed: null });
    const updated = { text: created.text, outcome: 'updated', changed: 'company.name,client.first,contact.city' };
    const changes = { company: { name: 'Other' }, client: { first: 'Zoë' }, contact: { city: 'Laval' } };
    assert.deepEqual(await outcomeOf(changes, { 'X-Source-Version': '7' }), updated);
    assert.deepEqual(
      await outcomeOf({}, { 'X-Source-Version': '6' }),
      { ...created, outcome: 'unchanged', changed: null },
      'an older version',
    );
    assert.equal((await get(server, '/v1/clients/external/100')).json.first, 'Zoë');
    const password = await outcomeOf({ ...changes, client: { first: 'Zoë', password: 'my-own-secret-1' } }, { 'X-Source-Version': '8' });
    assert.equal(JSON.parse(password.text).data.password, 'my-own-secret-1');
    assert.equal(password.changed, 'client.password');
    const strict = await server.provision({}, { 'If-None-Match': '*' });
    assert.deepEqual([strict.status, strict.json.code], [409, 'CLIENT_EXISTS']);
    const types = (await get(server, '/v1/events')).json.items.map(({ type }: { type: string }) => type);
    assert.deepEqual(types, ['company.created', 'client.provisioned', 'company.updated', 'client.updated', 'client.updated']);
  });

  test(`${name}: twenty at once are one client, and two first clients of a company are one company`, async (t) => {
    const server = await start(t);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => server.provision({ client: { externalId: 100 + (i % 2) } })));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(new Set(answers.map(({ text }) => text)).size, 2);
    assert.equal(new Set(answers.map(({ data }) => data.companyId)).size, 1);
    assert.equal(answers.filter(({ headers }) => headers.get('x-provision-outcome') === 'created').length, 2);
  });

  test(`${name}: conflicts are refused and write nothing`, async (t) => {
    const server = await start(t);
    await server.provision();
    for (const [changes, code] of [
      [{ company: { externalId: 51 } }, 'CLIENT_COMPANY_MISMATCH'],
      [{ company: { enterpriseId: 1 }, client: { externalId: 101 } }, 'COMPANY_ENTERPRISE_MISMATCH'],
      [{ contact: { country: 'USA', state: '' }, client: { externalId: 102 } }, 'STATE_REQUIRED'],
    ] as [BodyChanges, string][]) {
      assert.equal((await server.provision(changes)).json.code, code);
      assert.equal((await server.post('/v1/clients/validate', provisionBody(changes))).json.code, code);
    }
    for (const path of [DEACTIVATE, REACTIVATE, GET, SIGN_ON])
      assert.equal((await server.post(path, { clientId: 19_999_999 })).json.code, 'CLIENT_NOT_FOUND');
    assert.deepEqual((await get(server, '/v1/statistics')).json.clients, { active: 1, inactive: 0, terminated: 0, erased: 0 });
    assert.equal((await get(server, '/v1/companies')).json.items.length, 1);
    assert.equal((await get(server, '/v1/events')).json.items.length, 2);
  });

  test(`${name}: the lifecycle is level, its repeats leave no event, and provision never touches it`, async (t) => {
    const server = await start(t);
    const created = await server.provision();
    const { clientId } = created.data;
    for (const path of [REACTIVATE, DEACTIVATE, DEACTIVATE, REACTIVATE, REACTIVATE, DEACTIVATE])
      assert.equal((await server.post(path, { clientId })).text, '{"status":"success"}');
    const again = await server.provision();
    assert.deepEqual([again.text, again.headers.get('x-client-status')], [created.text, 'inactive']);
    const updated = await server.provision({ client: { last: 'Changed' } });
    assert.deepEqual([updated.headers.get('x-client-status'), updated.headers.get('x-provision-outcome')], ['inactive', 'updated']);
    assert.equal((await server.post(GET, { clientId })).text, JSON.stringify({ clientId, hub: created.data.hub }));
    assert.equal((await server.post(SIGN_ON, { clientId })).json.code, 'CLIENT_INACTIVE');
    const ended = await server.post(`/v1/clients/${clientId}/terminate`, { reason: 'over' });
    assert.equal(ended.json.status, 'terminated');
    assert.equal((await server.provision()).json.code, 'CLIENT_TERMINATED');
    assert.equal((await server.post(REACTIVATE, { clientId })).json.code, 'CLIENT_TERMINATED');
    assert.equal((await server.post(DEACTIVATE, { clientId })).status, 200);
    const types = (await get(server, `/v1/events?clientId=${clientId}`)).json.items.map(({ type }: { type: string }) => type);
    const lifecycle = ['client.deactivated', 'client.reactivated', 'client.deactivated'];
    assert.deepEqual(types, ['client.provisioned', ...lifecycle, 'client.updated', 'client.terminated']);
    assert.equal((await runParley(['audit', 'verify'], server.settings)).code, 0);
  });

  test(`${name}: what a tenant wants of differences is what it gets`, async (t) => {
    const server = await start(t);
    const created = await server.provision();
    for (const [choice, status, code, outcome] of [
      ['keep', 200, undefined, 'unchanged'],
      ['reject', 409, 'DETAILS_DIFFER', null],
    ] as const) {
      assert.equal((await runParley(['tenant', 'update', 'default', '--on-difference', choice], server.settings)).code, 0);
      // A running server learns of it within a second. Each try differs from all before it, whatever became of them.
      let tries = 0;
      let answer = created;
      await until(`the choice ${choice} is heeded`, async () => {
        answer = await server.provision({
          client: { first: `Changed ${choice} ${++tries}` },
          company: { name: `Changed ${choice} ${tries}` },
        });
        return answer.headers.get('x-provision-outcome') === outcome;
      });
      assert.deepEqual([answer.status, answer.json.code], [status, code]);
      if (status === 200) assert.equal(answer.text, created.text);
    }
  });
}
