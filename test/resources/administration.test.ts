import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Parley, ParleyApiError } from '../../sdk/src/index.ts';
import { ADMISSION, NUMBER } from '../support/admission.ts';
import { startFlakyProxy } from '../support/flaky-proxy.ts';
import { get, patch, remove } from '../support/resources.ts';
import { type Answer, post, startTestServer, TEST_TOKEN, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const as = (token: string) => ({ 'X-AUTH-TOKEN': token });

async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => assert.fail('it was not refused'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ParleyApiError, String(error));
  return error.code;
}

async function listAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const fieldsOf = ({ json }: Answer): string[] => json.errors.map(({ field }: { field: string }) => field).toSorted();

async function actionOf(server: TestServer, credential: string, digits: string): Promise<string | number> {
  const { status, json } = await post(`${server.url}${ADMISSION}`, { callId: crypto.randomUUID(), digits }, as(credential));
  return status === 200 ? json.action : status;
}

/** A change may take a second to be everywhere. */
async function becomes(read: () => Promise<unknown>, wanted: unknown): Promise<void> {
  await until(`it becomes ${wanted}`, async () => (await read()) === wanted);
}

test('a bridge is made, changed, given another credential and ended over the API', async (t) => {
  const server = await startTestServer(t);
  const parley = new Parley({ url: server.url, token: TEST_TOKEN });
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const made = await parley.bridges.create({ name: ' front ', dialect: 'json', settings: { region: 'CA' } });
  const { bridgeId, credential } = made;
  assert.deepEqual([made.name, made.dialect, made.shared, made.settings, made.secrets], ['front', 'json', false, { region: 'CA' }, []]);
  assert.equal(await actionOf(server, credential, digits), 'accept');

  const { credential: _shown, ...shown } = made;
  assert.deepEqual(await listAll(parley.bridges.list()), [shown]);
  assert.deepEqual(await parley.bridges.get(bridgeId), shown);
  assert.deepEqual((await parley.bridges.update(bridgeId, { settings: { region: 'US' } })).settings, { region: 'US' });
  assert.deepEqual((await parley.bridges.update(bridgeId, { settings: { region: null } })).settings, {});
  assert.deepEqual((await parley.bridges.update(bridgeId, { settings: { region: null } })).settings, {});

  const { credential: next } = await parley.bridges.rotateCredential(bridgeId);
  assert.notEqual(next, credential);
  assert.equal(await actionOf(server, next, digits), 'accept');
  await becomes(() => actionOf(server, credential, digits), 401);

  await parley.bridges.revoke(bridgeId);
  await parley.bridges.revoke(bridgeId);
  await becomes(() => actionOf(server, next, digits), 401);
  const ended = await parley.bridges.get(bridgeId);
  assert.equal(typeof ended.revokedAt, 'string');
  assert.equal(await refusal(parley.bridges.update(bridgeId, { settings: { region: 'CA' } })), 'BRIDGE_NOT_FOUND');
  assert.equal(await refusal(parley.bridges.rotateCredential(bridgeId)), 'BRIDGE_NOT_FOUND');

  const audit = await get(server, '/v1/audit?limit=10');
  const entries = audit.json.items.filter(({ type }: { type: string }) => type.startsWith('bridge.'));
  assert.deepEqual(
    entries.map(({ type, actor }: any) => [type, actor.tokenId]).toReversed(),
    ['created', 'updated', 'updated', 'credential_rotated', 'revoked'].map((what) => [`bridge.${what}`, 1]),
  );
  assert.deepEqual(entries[3].data, { bridgeId, name: 'front', settings: ['region'], secrets: [] });
});

test("a bridge's secrets are changed and taken away by name, and are in no answer, log or audit", async (t) => {
  const server = await startTestServer(t);
  const secrets = { authToken: 'twilio-auth-token-0001' };
  const settings = { flavour: 'twilio', publicUrl: 'https://voice.example.com' };
  const made = await server.post('/v1/bridges', { name: 'voice', dialect: 'twiml', settings, secrets });
  assert.deepEqual([made.status, made.json.secrets], [200, ['authToken']], made.text);
  const path = `/v1/bridges/${made.json.bridgeId}`;
  const other = await patch(server, path, { secrets: { authToken: 'twilio-auth-token-0002' } });
  assert.deepEqual([other.status, other.json.secrets], [200, ['authToken']]);
  const taken = await patch(server, path, { secrets: { authToken: null } });
  assert.equal(taken.status, 422);
  assert.deepEqual(taken.json.errors, [{ field: 'settings', detail: 'do not go together: The flavour twilio needs the secret authToken' }]);
  const both = await patch(server, path, { settings: { flavour: 'kazoo' }, secrets: { authToken: null } });
  assert.deepEqual([both.status, both.json.secrets, both.json.settings.flavour], [200, [], 'kazoo']);
  const everywhere = [made, other, taken, both, await get(server, '/v1/bridges'), await get(server, '/v1/audit')]
    .map(({ text }) => text)
    .join();
  assert.doesNotMatch(`${everywhere}${server.logged()}`, /twilio-auth-token/);
});

test('what is wrong with a bridge is told by field, and nothing is made', async (t) => {
  const server = await startTestServer(t);
  const wrong: [object, string[]][] = [
    [{}, ['name', 'dialect']],
    [{ name: 'a', dialect: 'morse' }, ['dialect']],
    [{ name: ' ', dialect: 'json' }, ['name']],
    [{ name: 'a', dialect: 'json', settings: { colour: 'red' } }, ['settings.colour']],
    [{ name: 'a', dialect: 'json', settings: { region: 'Atlantis' } }, ['settings.region']],
    [{ name: 'a', dialect: 'json', settings: { region: 7 } }, ['settings.region']],
    [{ name: 'a', dialect: 'json', settings: 'region=CA' }, ['settings']],
    [{ name: 'a', dialect: 'json', secrets: { key: 'x' } }, ['secrets.key']],
    [{ name: 'a', dialect: 'bigbluebutton' }, ['settings.url', 'secrets.secret']],
    [{ name: 'a', dialect: 'json', colour: 'red' }, ['colour']],
    [{ name: 'a', dialect: 'json', shared: 'yes' }, ['shared']],
  ];
  for (const [body, fields] of wrong) {
    const answer = await server.post('/v1/bridges', body);
    assert.deepEqual([answer.status, fieldsOf(answer)], [422, fields.toSorted()], answer.text);
  }
  assert.deepEqual((await get(server, '/v1/bridges')).json.items, []);
  await server.post('/v1/bridges', { name: 'a', dialect: 'json' });
  assert.equal((await server.post('/v1/bridges', { name: 'a', dialect: 'json' })).json.code, 'BRIDGE_EXISTS');
  assert.equal((await patch(server, '/v1/bridges/1', {})).json.code, 'FIELD_REQUIRED');
});

test('tenants see and touch nothing of each other: bridges, numbers, tokens and tenants answer as missing ones do', async (t) => {
  const server = await startTestServer(t);
  const other = as(await server.addTenant('other'));
  const mine = (await server.post('/v1/bridges', { name: 'front', dialect: 'json' })).json;
  const shared = (await server.post('/v1/bridges', { name: 'all', dialect: 'json', shared: true })).json;
  assert.equal(shared.shared, true);
  await server.post('/v1/access-numbers', { number: NUMBER });
  const missing = await get(server, '/v1/bridges/999', other);
  for (const { bridgeId } of [mine, shared]) {
    const answers = [
      await get(server, `/v1/bridges/${bridgeId}`, other),
      await patch(server, `/v1/bridges/${bridgeId}`, { settings: { region: 'CA' } }, other),
      await server.post(`/v1/bridges/${bridgeId}/rotate-credential`, {}, other),
      await remove(server, `/v1/bridges/${bridgeId}`, undefined, other),
    ];
    for (const { status, json } of answers)
      assert.deepEqual([status, json.code, json.message], [404, 'BRIDGE_NOT_FOUND', missing.json.message]);
  }
  assert.deepEqual((await get(server, '/v1/bridges', other)).json.items, []);
  assert.deepEqual((await get(server, '/v1/access-numbers', other)).json.items, []);
  assert.equal(
    (await remove(server, `/v1/access-numbers/${encodeURIComponent(NUMBER)}`, undefined, other)).json.code,
    'ACCESS_NUMBER_NOT_FOUND',
  );
  assert.equal((await remove(server, '/v1/tokens/1', undefined, other)).json.code, 'TOKEN_NOT_FOUND');
  assert.equal((await patch(server, '/v1/tenants/1', { onDifference: 'keep' }, other)).json.code, 'TENANT_NOT_FOUND');
  assert.deepEqual(
    (await get(server, '/v1/tenants', other)).json.items.map(({ name }: { name: string }) => name),
    ['other'],
  );
  // Each names its own as it likes.
  assert.equal((await server.post('/v1/bridges', { name: 'front', dialect: 'json' }, other)).status, 200);
});

test("what concerns all tenants, and where this server itself calls, is for the operator's tenant", async (t) => {
  const server = await startTestServer(t);
  const other = as(await server.addTenant('other'));
  const engine = {
    name: 'meet',
    dialect: 'bigbluebutton',
    settings: { url: 'https://bbb.example.com/bigbluebutton' },
    secrets: { secret: 'of-the-engine' },
  };
  const refused = [
    await server.post('/v1/bridges', { name: 'all', dialect: 'json', shared: true }, other),
    await server.post('/v1/access-numbers', { number: NUMBER, shared: true }, other),
    await server.post('/v1/tenants', { name: 'third' }, other),
    await server.post('/v1/bridges', engine, other),
  ];
  for (const { status, json } of refused) assert.deepEqual([status, json.code], [403, 'OPERATOR_REQUIRED']);
  assert.deepEqual((await get(server, '/v1/bridges')).json.items, []);
  assert.equal((await server.post('/v1/bridges', engine)).status, 200);
  await server.post('/v1/access-numbers', { number: NUMBER, shared: true });
  const path = `/v1/access-numbers/${encodeURIComponent(NUMBER)}`;
  assert.equal((await remove(server, path, undefined, other)).json.code, 'OPERATOR_REQUIRED');
  assert.equal((await remove(server, path)).status, 200);
  assert.equal((await remove(server, path)).json.code, 'ACCESS_NUMBER_NOT_FOUND');
});

test('numbers are put in service and taken out over the API; a repeat is a success', async (t) => {
  const server = await startTestServer(t);
  const parley = new Parley({ url: server.url, token: TEST_TOKEN });
  const added = await parley.accessNumbers.add({ number: '+1 514 555 0100' });
  assert.deepEqual([added.number, added.shared], [NUMBER, false]);
  assert.deepEqual(await parley.accessNumbers.add({ number: NUMBER }), added);
  assert.deepEqual(await listAll(parley.accessNumbers.list()), [added]);
  const other = await server.addTenant('other');
  assert.equal((await server.post('/v1/access-numbers', { number: NUMBER }, as(other))).json.code, 'ACCESS_NUMBER_TAKEN');
  assert.deepEqual(fieldsOf(await server.post('/v1/access-numbers', { number: '514 555 0100' })), ['number']);
  await parley.accessNumbers.remove(NUMBER);
  assert.equal(await refusal(parley.accessNumbers.remove(NUMBER)), 'ACCESS_NUMBER_NOT_FOUND');
});

test('tokens are made, listed and revoked over the API; nobody gives a scope of which the own token is without', async (t) => {
  const server = await startTestServer(t);
  const parley = new Parley({ url: server.url, token: TEST_TOKEN });
  const expiresAt = new Date(server.now() + 3_600_000).toISOString();
  const made = await parley.tokens.create({ name: 'billing', scopes: ['read', 'read'], expiresAt });
  assert.deepEqual([made.name, made.scopes, made.expiresAt, made.lastUsedAt], ['billing', ['read'], expiresAt, null]);
  const reader = new Parley({ url: server.url, token: made.token });
  assert.deepEqual((await reader.identify()).scopes, ['read']);
  assert.equal(await refusal(listAll(reader.tokens.list())), 'SCOPE_REQUIRED');
  const tokens = await get(server, '/v1/tokens');
  assert.ok(!tokens.text.includes(made.token) && !tokens.text.includes(TEST_TOKEN));
  assert.deepEqual(
    tokens.json.items.map(({ name }: { name: string }) => name),
    ['bootstrap', 'billing'],
  );
  const narrow = await server.addToken('default', { scopes: ['admin', 'read'] });
  const more = await server.post('/v1/tokens', { name: 'more', scopes: ['provision'] }, as(narrow.token));
  assert.deepEqual([more.status, more.json.code], [403, 'SCOPE_REQUIRED']);
  const wrong = await server.post('/v1/tokens', { name: '', scopes: ['everything'], expiresAt: 'soon' });
  assert.deepEqual(fieldsOf(wrong), ['expiresAt', 'name', 'scopes.0']);
  assert.deepEqual(fieldsOf(await server.post('/v1/tokens', { name: 'a', scopes: [] })), ['scopes']);
  const past = await server.post('/v1/tokens', { name: 'a', scopes: ['read'], expiresAt: '2020-01-01' });
  assert.deepEqual(past.json.errors, [{ field: 'expiresAt', detail: 'has passed already: give a time to come' }]);
  await parley.tokens.revoke(made.tokenId);
  await parley.tokens.revoke(made.tokenId);
  await becomes(async () => (await get(server, '/v1/token', as(made.token))).status, 401);
});

test('a tenant is made with its first token, and what tenants have chosen is changed', async (t) => {
  const server = await startTestServer(t);
  const parley = new Parley({ url: server.url, token: TEST_TOKEN });
  const made = await parley.tenants.create({ name: 'acme', passwordDisclosure: 'never', sandbox: true });
  assert.deepEqual(
    [made.name, made.onDifference, made.passwordDisclosure, made.sandbox, made.liveTokens],
    ['acme', 'update', 'never', true, 1],
  );
  assert.match(made.token, /^parley_test_/);
  const acme = new Parley({ url: server.url, token: made.token });
  assert.equal((await acme.identify()).tenant.name, 'acme');
  assert.equal((await acme.tenants.update(made.tenantId, { onDifference: 'reject' })).onDifference, 'reject');
  assert.equal((await parley.tenants.update(made.tenantId, { onDifference: 'keep' })).onDifference, 'keep');
  assert.deepEqual(
    (await listAll(parley.tenants.list())).map(({ name }) => name),
    ['default', 'acme'],
  );
  assert.equal(await refusal(parley.tenants.create({ name: 'acme' })), 'TENANT_EXISTS');
  assert.equal(await refusal(parley.tenants.update(99, { onDifference: 'keep' })), 'TENANT_NOT_FOUND');
  assert.equal((await patch(server, '/v1/tenants/1', {})).json.code, 'FIELD_REQUIRED');
});

test('a lost answer is repeated: one bridge, one token, one tenant and one credential, the same as before', async (t) => {
  const server = await startTestServer(t);
  const proxy = await startFlakyProxy(t, () => server.url);
  const parley = new Parley({ url: proxy.url, token: TEST_TOKEN });
  proxy.fates.push('lose');
  const bridge = await parley.bridges.create({ name: 'front', dialect: 'json' });
  proxy.fates.push('lose');
  const token = await parley.tokens.create({ name: 'billing', scopes: ['read'] });
  proxy.fates.push('lose');
  const tenant = await parley.tenants.create({ name: 'acme' });
  assert.equal((await listAll(parley.bridges.list())).length, 1);
  assert.equal((await listAll(parley.tokens.list())).length, 2);
  assert.equal((await get(server, '/v1/token', as(token.token))).status, 200);
  assert.equal((await get(server, '/v1/token', as(tenant.token))).json.tenant.name, 'acme');
  proxy.fates.push('lose');
  const { credential } = await parley.bridges.rotateCredential(bridge.bridgeId);
  assert.equal(await actionOf(server, credential, '0000000000'), 'reject');
  const key = { 'Idempotency-Key': 'one' };
  const first = await server.post('/v1/tokens', { name: 'a', scopes: ['read'] }, key);
  assert.deepEqual((await server.post('/v1/tokens', { name: 'a', scopes: ['read'] }, key)).json, first.json);
  assert.equal((await server.post('/v1/tokens', { name: 'b', scopes: ['read'] }, key)).json.code, 'IDEMPOTENCY_KEY_REUSED');
});

test('each of these needs the scope admin, but for the list of numbers', async (t) => {
  const server = await startTestServer(t);
  const { token } = await server.addToken('default', { scopes: ['read', 'provision', 'admission'] });
  const answers = [
    await get(server, '/v1/bridges', as(token)),
    await get(server, '/v1/bridges/1', as(token)),
    await server.post('/v1/bridges', { name: 'a', dialect: 'json' }, as(token)),
    await patch(server, '/v1/bridges/1', { settings: {} }, as(token)),
    await server.post('/v1/bridges/1/rotate-credential', {}, as(token)),
    await remove(server, '/v1/bridges/1', undefined, as(token)),
    await server.post('/v1/access-numbers', { number: NUMBER }, as(token)),
    await remove(server, '/v1/access-numbers/%2B15145550100', undefined, as(token)),
    await get(server, '/v1/tokens', as(token)),
    await server.post('/v1/tokens', { name: 'a', scopes: ['read'] }, as(token)),
    await remove(server, '/v1/tokens/1', undefined, as(token)),
    await get(server, '/v1/tenants', as(token)),
    await server.post('/v1/tenants', { name: 'a' }, as(token)),
    await patch(server, '/v1/tenants/1', { onDifference: 'keep' }, as(token)),
  ];
  for (const { status, json } of answers) assert.deepEqual([status, json.code], [403, 'SCOPE_REQUIRED']);
  assert.equal((await get(server, '/v1/access-numbers', as(token))).status, 200);
});
