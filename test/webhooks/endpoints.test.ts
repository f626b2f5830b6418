import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Webhook as Verifier } from 'standardwebhooks';
import { verifyWebhook } from '../../sdk/src/index.ts';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { startReceiver } from '../support/receiver.ts';
import { get } from '../support/resources.ts';
import { until } from '../support/until.ts';
import { call, createEndpoint, deliveriesOf, endpointOf, startWebhookServer, typesOf } from '../support/webhooks.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('an event arrives as GET /v1/events gives it, signed so that the library and the SDK believe it', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const endpoint = await createEndpoint(server, receiver.url);
  assert.match(endpoint.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  const { clientId } = (await server.provision({}, { 'X-Request-Id': 'the-first' })).data;
  await until('both events have arrived', () => receiver.received.length === 2);
  const { items } = (await get(server, '/v1/events')).json;
  assert.deepEqual(
    receiver.received.map(({ body }) => JSON.parse(body)).toSorted((a, b) => Number(a.id.slice(4)) - Number(b.id.slice(4))),
    items,
  );
  const provisioned = receiver.received.find(({ event }) => event.clientId === clientId);
  assert.ok(provisioned);
  assert.equal(provisioned.event.requestId, 'the-first');
  assert.equal(provisioned.id, `msg_${endpoint.endpointId}_${provisioned.event.id.slice(4)}`);
  assert.deepEqual(
    new Verifier(endpoint.secret).verify(provisioned.body, provisioned.headers as Record<string, string>),
    provisioned.event,
  );
  const { body: payload, headers } = provisioned;
  assert.deepEqual(await verifyWebhook({ payload, headers, secret: endpoint.secret }), provisioned.event);
  assert.match(headers['user-agent'] as string, /^Parley\//);
  assert.equal(headers['content-type'], 'application/json');
});

test('an endpoint gets the types that it asked for, from when it was made or from where it said', async (t) => {
  const server = await startWebhookServer(t);
  const { clientId } = (await server.provision()).data;
  const receiver = await startReceiver(t);
  const [first] = (await get(server, '/v1/events')).json.items;
  await createEndpoint(server, `${receiver.url}/some`, { types: ['client.deactivated', 'client.terminated'] });
  await createEndpoint(server, `${receiver.url}/old`, { after: first.id });
  await createEndpoint(server, `${receiver.url}/new`);
  await server.post(DEACTIVATE, { clientId });
  await server.post(REACTIVATE, { clientId });
  const at = (path: string): string[] => typesOf(receiver.received.filter((one) => one.path === `/hook/${path}`));
  await until('all have theirs', () => at('old').length === 3 && at('new').length === 2 && at('some').length === 1);
  assert.deepEqual(at('some'), ['client.deactivated']);
  assert.deepEqual(at('old'), ['client.provisioned', 'client.deactivated', 'client.reactivated']);
  assert.deepEqual(at('new'), ['client.deactivated', 'client.reactivated']);
});

test('endpoints are made, listed, changed and deleted, each change is in the audit, and no secret is', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const made = await createEndpoint(server, receiver.url, { description: ' Billing ', types: ['client.provisioned'], enabled: false });
  const path = `/v1/webhooks/${made.endpointId}`;
  const { secret, ...shown } = made;
  const listed = (await get(server, '/v1/webhooks')).json;
  assert.deepEqual(listed, { items: [shown], next: null });
  assert.deepEqual((await get(server, path)).json, shown);
  const { createdAt, readTo } = await endpointOf(server, made);
  assert.deepEqual(shown, {
    endpointId: made.endpointId,
    url: receiver.url,
    types: ['client.provisioned'],
    description: 'Billing',
    enabled: false,
    disabledReason: 'caller',
    disabledAt: createdAt,
    failingSince: null,
    previousSecretUntil: null,
    readTo,
    createdAt,
    updatedAt: createdAt,
  });

  const changed = await call(server, 'PATCH', `/v1/webhooks/${made.endpointId}`, { types: null, enabled: true });
  assert.deepEqual([changed.status, changed.json.types, changed.json.enabled, changed.json.disabledReason], [200, null, true, null]);
  assert.equal((await call(server, 'PATCH', path, { types: null, enabled: true })).text, changed.text);
  assert.equal((await call(server, 'PATCH', path, { description: null })).json.description, null);
  await server.post(`${path}/rotate-secret`, { overlapSeconds: 60 });
  assert.equal((await call(server, 'DELETE', `/v1/webhooks/${made.endpointId}`)).text, '{"status":"success"}');
  for (const answer of [await get(server, path), await call(server, 'DELETE', path), await call(server, 'PATCH', path, { enabled: true })])
    assert.deepEqual([answer.status, answer.json.code], [404, 'WEBHOOK_NOT_FOUND']);
  assert.deepEqual((await get(server, '/v1/webhooks')).json.items, []);

  const audit = await get(server, '/v1/audit?limit=5');
  const entries = audit.json.items.toReversed();
  assert.deepEqual(
    entries.map(({ type, changes }: any) => [type, Object.keys(changes)]),
    [
      ['webhook.created', ['url', 'types', 'description', 'isEnabled']],
      ['webhook.updated', ['types', 'isEnabled']],
      ['webhook.updated', ['description']],
      ['webhook.secret_rotated', ['secret']],
      ['webhook.deleted', ['url']],
    ],
  );
  assert.deepEqual(entries[1].changes.types, { before: ['client.provisioned'], after: null });
  assert.deepEqual(entries[3].changes.secret, { before: '***', after: '***' });
  const rows = JSON.stringify(await server.query('select * from journal')) + server.logged() + audit.text;
  assert.ok(!rows.includes(secret) && !rows.includes(secret.slice('whsec_'.length)));
});

test('a secret that is replaced stays valid for the overlap, and is sealed like every other', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const endpoint = await createEndpoint(server, receiver.url);
  const path = `/v1/webhooks/${endpoint.endpointId}`;
  const key = { 'Idempotency-Key': 'rotate-1' };
  const rotated = await server.post(`${path}/rotate-secret`, { overlapSeconds: 3_600 }, key);
  assert.equal(rotated.status, 200, rotated.text);
  assert.equal((await server.post(`${path}/rotate-secret`, { overlapSeconds: 3_600 }, key)).text, rotated.text);
  assert.equal((await server.post(`${path}/rotate-secret`, { overlapSeconds: 60 }, key)).json.code, 'IDEMPOTENCY_KEY_REUSED');
  const [old, fresh] = [endpoint.secret, rotated.json.secret];
  assert.notEqual(fresh, old);
  assert.equal(rotated.json.previousSecretUntil, (await endpointOf(server, endpoint)).previousSecretUntil);
  const signatures = (at: number): string[] => String(receiver.received[at]?.headers['webhook-signature']).split(' ');
  const accepts = async (secret: string, at: number): Promise<boolean> => {
    const { body: payload, headers } = receiver.received[at] as (typeof receiver.received)[number];
    return verifyWebhook({ payload, headers, secret, toleranceSeconds: DAY_MS }).then(
      () => true,
      () => false,
    );
  };
  await server.post(`${path}/ping`, undefined);
  assert.deepEqual([signatures(0).length, await accepts(old, 0), await accepts(fresh, 0)], [2, true, true]);
  server.advance(3_600_001);
  assert.equal((await endpointOf(server, endpoint)).previousSecretUntil, null);
  await server.post(`${path}/ping`, undefined);
  assert.deepEqual([signatures(1).length, await accepts(old, 1), await accepts(fresh, 1)], [1, false, true]);
  const third = (await server.post(`${path}/rotate-secret`, { overlapSeconds: 0 })).json.secret;
  await server.post(`${path}/ping`, undefined);
  assert.deepEqual([signatures(2).length, await accepts(fresh, 2), await accepts(third, 2)], [1, false, true]);
  for (const overlapSeconds of [-1, 604_801, 1.5, '60'])
    assert.equal((await server.post(`${path}/rotate-secret`, { overlapSeconds })).json.code, 'FIELD_INVALID');
  const [row] = await server.query('select secret_sealed, previous_secret_sealed from webhooks');
  for (const sealed of Object.values(row as Record<string, Uint8Array>))
    for (const secret of [old, fresh, third]) assert.ok(!Buffer.from(sealed).includes(secret));
});

test('a creation that is repeated with its key makes one endpoint and has the same secret', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const key = { 'Idempotency-Key': 'create-1' };
  const [one, two] = await Promise.all([1, 2].map(() => createEndpoint(server, receiver.url, {}, key)));
  // How far it has read is as it is when it is asked.
  assert.deepEqual({ ...one, readTo: null }, { ...two, readTo: null });
  assert.equal((await get(server, '/v1/webhooks')).json.items.length, 1);
  const other = await call(server, 'POST', '/v1/webhooks', { url: `${receiver.url}/other` }, key);
  assert.equal(other.json.code, 'IDEMPOTENCY_KEY_REUSED');
  for (let made = 1; made < 20; made++) await createEndpoint(server, receiver.url);
  const refused = await call(server, 'POST', '/v1/webhooks', { url: receiver.url });
  assert.deepEqual([refused.status, refused.json.code], [409, 'WEBHOOK_LIMIT']);
});

test('a ping is sent at once and once, and says what the receiver said', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const endpoint = await createEndpoint(server, receiver.url, { enabled: false });
  const path = `/v1/webhooks/${endpoint.endpointId}`;
  receiver.decide = () => ({ status: 200, body: 'thank you\u0000\n' });
  const { json } = await server.post(`/v1/webhooks/${endpoint.endpointId}/ping`, undefined, { 'X-Request-Id': 'my-ping' });
  assert.deepEqual({ ...json, durationMs: 0 }, { delivered: true, status: 200, error: null, excerpt: 'thank you', durationMs: 0 });
  const [{ body: payload, headers, event }] = receiver.received as [(typeof receiver.received)[number]];
  assert.deepEqual([event.type, event.requestId, event.data], ['webhook.ping', 'my-ping', { endpointId: endpoint.endpointId }]);
  assert.deepEqual(await verifyWebhook({ payload, headers, secret: endpoint.secret }), event);
  receiver.decide = () => ({ status: 302, headers: { location: receiver.url } });
  const redirected = (await server.post(`${path}/ping`, undefined)).json;
  assert.deepEqual([redirected.delivered, redirected.status, receiver.received.length], [false, 302, 2]);
  await receiver.close();
  const gone = (await server.post(`${path}/ping`, undefined)).json;
  assert.deepEqual([gone.delivered, gone.status, gone.error], [false, null, 'no answer: ECONNREFUSED']);
  assert.deepEqual(await deliveriesOf(server, endpoint), []);
});

test('what cannot be an endpoint is told field by field, and changes need the scope admin', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const wrong = await call(server, 'POST', '/v1/webhooks', {
    url: 'ftp://example.com',
    types: ['client.provisioned', 'client.invented'],
    description: 'a\u0007b',
    enabled: 'yes',
    after: 'evt_x',
    colour: 'red',
  });
  assert.deepEqual(
    [wrong.status, wrong.json.errors.map(({ field }: any) => field).toSorted()],
    [422, ['after', 'colour', 'description', 'enabled', 'types.1', 'url']],
  );
  assert.match(wrong.json.errors.find(({ field }: any) => field === 'types.1').detail, /^must be one of company\.created/);
  assert.deepEqual((await call(server, 'POST', '/v1/webhooks', {})).json.errors, [{ field: 'url', detail: 'is required' }]);
  assert.equal((await call(server, 'POST', '/v1/webhooks', { url: receiver.url, types: [] })).json.code, 'FIELD_INVALID');
  const endpoint = await createEndpoint(server, receiver.url);
  const path = `/v1/webhooks/${endpoint.endpointId}`;
  assert.equal((await call(server, 'PATCH', path, {})).json.code, 'FIELD_REQUIRED');
  assert.equal((await server.post(`${path}/replay`, {})).json.code, 'FIELD_REQUIRED');
  const { token } = await server.addToken('default', { scopes: ['read', 'provision'] });
  const reader = { 'X-AUTH-TOKEN': token };
  for (const readable of ['/v1/webhooks', path, `${path}/deliveries`]) assert.equal((await get(server, readable, reader)).status, 200);
  const changes: [string, string, object?][] = [
    ['POST', '/v1/webhooks', { url: receiver.url }],
    ['PATCH', path, { enabled: false }],
    ['DELETE', path],
    ['POST', `${path}/rotate-secret`, {}],
    ['POST', `${path}/ping`],
    ['POST', `${path}/replay`, { after: 'evt_0' }],
    ['POST', '/v1/webhooks/deliveries/1/retry'],
  ];
  for (const [method, at, body] of changes) {
    const answer = await call(server, method, at, body, reader);
    assert.deepEqual([answer.status, answer.json.code], [403, 'SCOPE_REQUIRED'], `${method} ${at}`);
  }
  const blind = { 'X-AUTH-TOKEN': (await server.addToken('default', { scopes: ['provision'] })).token };
  for (const readable of ['/v1/webhooks', path, `${path}/deliveries`]) assert.equal((await get(server, readable, blind)).status, 403);
});

test("another tenant's endpoints and deliveries answer as missing ones do, and its events go elsewhere", async (t) => {
  const server = await startWebhookServer(t);
  const theirs = { 'X-AUTH-TOKEN': await server.addTenant('other') };
  const [ours, other] = [await startReceiver(t), await startReceiver(t)];
  const endpoint = await createEndpoint(server, ours.url);
  await createEndpoint(server, other.url, {}, theirs);
  await server.provision({ client: { externalId: 1 } });
  await server.provision({ client: { externalId: 2 } }, theirs);
  await until('each has its own', () => ours.accepted.length === 2 && other.accepted.length === 2);
  assert.deepEqual(new Set(ours.accepted.map(({ event }) => event.data.externalId)), new Set([50, 1]));
  assert.deepEqual(new Set(other.accepted.map(({ event }) => event.data.externalId)), new Set([50, 2]));
  const [delivery] = await deliveriesOf(server, endpoint);
  for (const id of [endpoint.endpointId, 17]) {
    const path = `/v1/webhooks/${id}`;
    const answers = [
      await get(server, path, theirs),
      await get(server, `${path}/deliveries`, theirs),
      await call(server, 'PATCH', path, { enabled: false }, theirs),
      await call(server, 'DELETE', path, undefined, theirs),
      await call(server, 'POST', `${path}/rotate-secret`, {}, theirs),
      await call(server, 'POST', `${path}/ping`, undefined, theirs),
      await call(server, 'POST', `${path}/replay`, { after: 'evt_0' }, theirs),
    ];
    for (const answer of answers)
      assert.deepEqual([answer.status, answer.json.code, answer.json.detail], [404, 'WEBHOOK_NOT_FOUND', answers[0]?.json.detail]);
  }
  for (const id of [delivery.deliveryId, 99_999])
    assert.equal((await call(server, 'POST', `/v1/webhooks/deliveries/${id}/retry`, undefined, theirs)).json.code, 'DELIVERY_NOT_FOUND');
  assert.equal((await get(server, '/v1/webhooks', theirs)).json.items.length, 1);
});
