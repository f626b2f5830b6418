import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import {
  Parley,
  ParleyApiError,
  ParleyConnectionError,
  ParleyError,
  type ParleyOptions,
  ParleyTimeoutError,
  type ProvisionRecord,
  verifyWebhook,
} from '../../sdk/src/index.ts';
import { type BodyChanges, PROVISION, provisionBody } from '../support/bodies.ts';
import { makeBridge } from '../support/admission.ts';
import { startGateway } from '../support/gateway.ts';
import { type FlakyProxy, startFlakyProxy } from '../support/flaky-proxy.ts';
import { startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';
import { startWebhookServer } from '../support/webhooks.ts';
import { startTestServer, TEST_TOKEN, type TestServer } from '../support/server.ts';

const recordOf = (changes?: BodyChanges): ProvisionRecord => provisionBody(changes);

interface Stage {
  server: TestServer;
  proxy: FlakyProxy;
  parley: Parley;
}

/** A server, a network that can be made to fail, and the library at its other end. */
async function stage(t: TestContext, options: Partial<ParleyOptions> = {}): Promise<Stage> {
  const server = await startTestServer(t);
  const proxy = await startFlakyProxy(t, () => server.url);
  return { server, proxy, parley: new Parley({ url: proxy.url, token: TEST_TOKEN, ...options }) };
}

async function failureOf(call: Promise<unknown>): Promise<ParleyError> {
  const error = await call.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ParleyError, inspect(error));
  assert.equal(error.name, error.constructor.name);
  return error;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

test('a client from its first provision to its erasure', async (t) => {
  const { parley } = await stage(t);
  const { clients } = parley;
  assert.deepEqual(await clients.validate(recordOf()), { outcome: 'created', changed: [], clientId: null });
  const created = await clients.provision(recordOf(), { sourceVersion: 2 });
  const { clientId, companyId, hub } = created;
  assert.deepEqual(Object.keys(created), ['companyId', 'clientId', 'password', 'passCodes', 'hub', 'outcome', 'changed', 'status']);
  assert.deepEqual(await clients.provision(recordOf(), { sourceVersion: 2 }), { ...created, outcome: 'unchanged' });
  const older = await clients.provision(recordOf({ client: { email: 'old@example.com' } }), { sourceVersion: 1 });
  assert.deepEqual([older.outcome, (await clients.find({ clientId }))?.email], ['unchanged', 'me@example.com']);
  const updated = await clients.provision(recordOf({ client: { email: 'new@example.com' } }), { sourceVersion: 3 });
  assert.deepEqual([updated.outcome, updated.changed], ['updated', ['client.email']]);
  assert.equal((await failureOf(clients.provision(recordOf(), { onlyIfNew: true }))).code, 'CLIENT_EXISTS');

  for (const _ of [1, 2]) await clients.deactivate(clientId);
  assert.deepEqual(await clients.get(clientId), { clientId, hub, status: 'inactive' });
  for (const _ of [1, 2]) await clients.reactivate(clientId);
  assert.deepEqual(await parley.companies.find({ externalId: 50 }), await parley.companies.find({ companyId }));
  assert.deepEqual(
    (await collect(parley.companies.list({ name: 'comp' }))).map((company) => company.hub),
    [hub],
  );
  assert.match((await clients.signOn(clientId)).url, /^https?:/);
  const rotated = await clients.rotatePassCodes(clientId, { overlapMinutes: 5, idempotencyKey: 'mine' });
  assert.deepEqual(await clients.rotatePassCodes(clientId, { overlapMinutes: 5, idempotencyKey: 'mine' }), rotated);
  assert.notDeepEqual((await clients.rotatePassCodes(clientId)).passCodes, rotated.passCodes);

  const at = new Date(Date.now() + 3_600_000);
  assert.equal((await clients.terminate(clientId, { reason: 'Contract ended', at })).terminateAt, at.toISOString());
  assert.equal((await clients.cancelTermination(clientId)).terminateAt, null);
  assert.equal((await clients.terminate(clientId)).status, 'terminated');
  assert.equal((await clients.erase(clientId)).status, 'erased');
  const audit = await collect(
    parley.audit.list({ clientId, pageSize: 2, types: ['client.erased', 'client.terminated', 'client.provisioned'] }),
  );
  assert.deepEqual(
    audit.map(({ type }) => type),
    ['client.erased', 'client.terminated', 'client.provisioned'],
  );
  assert.equal((await parley.statistics()).clients.erased, 1);
  assert.equal((await parley.request<{ companies: number }>('GET', '/v1/statistics')).companies, 1);
});

test('an endpoint from its creation to its end, and lost answers make none twice', async (t) => {
  const server = await startWebhookServer(t);
  const proxy = await startFlakyProxy(t, () => server.url);
  const receiver = await startReceiver(t);
  const parley = new Parley({ url: proxy.url, token: TEST_TOKEN });
  const { webhooks } = parley;
  proxy.fates.push('lose');
  const { secret, ...made } = await webhooks.create({ url: receiver.url, types: ['client.provisioned'], description: 'Billing' });
  const { endpointId } = made;
  // How far the journal was read for it moves on by itself.
  const settled = { ...made, readTo: undefined };
  for (const found of [...(await collect(webhooks.list())), await webhooks.get(endpointId)])
    assert.deepEqual({ ...found, readTo: undefined }, settled);
  assert.equal((await collect(webhooks.list())).length, 1);
  await parley.clients.provision(recordOf());
  await until('it has arrived', async () => (await webhooks.deliveryPage(endpointId, { state: 'delivered' })).items.length === 1);
  const [delivery] = await collect(webhooks.deliveries(endpointId, { pageSize: 1 }));
  assert.deepEqual([delivery?.type, delivery?.lastAttempt?.status, delivery?.state], ['client.provisioned', 204, 'delivered']);

  proxy.fates.push('lose');
  const rotated = await webhooks.rotateSecret(endpointId, { overlapSeconds: 60 });
  await webhooks.retryDelivery(delivery?.deliveryId as number);
  await until('it has arrived again', () => receiver.accepted.length === 2);
  proxy.fates.push('lose');
  await webhooks.replay(endpointId, { since: new Date(0) });
  assert.equal((await webhooks.ping(endpointId)).delivered, true);
  await until('all have arrived', () => receiver.accepted.length === 4);
  const { body: payload, headers } = receiver.accepted.at(-1) as (typeof receiver.accepted)[number];
  for (const one of [secret, rotated.secret]) assert.ok(await verifyWebhook({ payload, headers, secret: one }));
  const paused = await webhooks.update(endpointId, { enabled: false, types: null });
  assert.deepEqual([paused.enabled, paused.disabledReason, paused.types], [false, 'caller', null]);
  await webhooks.delete(endpointId);
  assert.equal((await failureOf(webhooks.get(endpointId))).code, 'WEBHOOK_NOT_FOUND');
  const rotations = await server.query("select count(*) as n from journal where type = 'webhook.secret_rotated'");
  assert.equal(Number(rotations[0]?.n), 1);
});

test('who is in, who was, and on which terms a company’s callers are let in', async (t) => {
  const { server, parley } = await stage(t);
  const { companyId, clientId, passCodes } = await parley.clients.provision(recordOf());
  assert.equal((await parley.companies.setAdmission(companyId, { maxParticipants: 5, moderatorRequired: true })).maxParticipants, 5);
  const terms = { allowedCallerCountries: null, moderatorRequired: true, maxParticipants: null, maxDurationSeconds: null };
  assert.deepEqual(await parley.companies.setAdmission(companyId, { maxParticipants: null }), terms);
  assert.deepEqual(await parley.companies.admission(companyId), terms);
  const bridge = await makeBridge(server);
  for (const callId of ['first', 'second']) {
    const { conference } = (await bridge.ask({ callId, digits: passCodes.moderatorPassCode })).json;
    await bridge.tell([{ type: 'joined', conference, callId }]);
  }
  const [conference, ...others] = await parley.conferences.live();
  assert.deepEqual([conference?.clientId, conference?.participants.length, others], [clientId, 2, []]);
  const from = new Date(Date.now() - 60_000);
  const legs = await collect(parley.conferences.usage({ from, clientId, pageSize: 1 }));
  assert.deepEqual(
    legs.map(({ callId }) => callId),
    ['first', 'second'],
  );
  assert.deepEqual(await collect(parley.conferences.usage({ to: from })), []);
  assert.deepEqual(await collect(parley.conferences.usage({ order: 'desc', pageSize: 1 })), legs.toReversed());
  const events = await collect(parley.events.list({ clientId }));
  assert.deepEqual(await collect(parley.events.list({ clientId, order: 'desc', pageSize: 1 })), events.toReversed());
});

test('what is yet to be done at a remote platform: seen, hastened, given up', async (t) => {
  const { gateway, link } = await startGateway(t);
  const parley = new Parley({ url: gateway.url, token: TEST_TOKEN, retries: 0 });
  link.draw = () => 'reset';
  await failureOf(parley.clients.provision(recordOf()));
  const [operation, ...others] = await collect(parley.operations.list());
  assert.deepEqual([operation?.externalId, others], [100, []]);
  await parley.operations.retry(operation?.operationId as number);
  await parley.operations.discard(operation?.operationId as number);
  await until('it is given up', async () => (await parley.operations.page()).items.length === 0);
  assert.deepEqual([(await parley.operations.page({ state: 'stuck' })).next, await collect(parley.operations.orphans())], [null, []]);
});

test('a record that is not there is undefined, a path that is not there is an error', async (t) => {
  const { parley, server } = await stage(t);
  assert.equal(await parley.clients.find({ externalId: 7 }), undefined);
  assert.equal(await parley.companies.find({ companyId: 7 }), undefined);
  const elsewhere = new Parley({ url: `${server.url}/elsewhere/`, token: TEST_TOKEN });
  assert.equal((await failureOf(elsewhere.clients.find({ externalId: 7 }))).code, 'PATH_NOT_FOUND');
  assert.equal((await failureOf(parley.clients.find({ externalId: '../events' }))).code, 'FIELD_INVALID');
});

test('a list goes over all of its pages, and a filter that is misspelt is an error', async (t) => {
  const { parley, proxy } = await stage(t);
  await Promise.all(Array.from({ length: 25 }, (_, at) => parley.clients.provision(recordOf({ client: { externalId: 200 + at } }))));
  proxy.asked.length = 0;
  const all = await collect(parley.clients.list({ pageSize: 10, changedSince: new Date(0), status: 'active' }));
  assert.deepEqual(new Set(all.map(({ externalId }) => externalId)).size, 25);
  assert.equal(proxy.asked.length, 3);
  const { items, next } = await parley.clients.page({ pageSize: 10 });
  assert.deepEqual([items.length, next], [10, items.at(-1)?.clientId]);
  assert.equal((await collect(parley.events.list({ types: ['client.provisioned'], pageSize: 10 }))).length, 25);
  const misspelt = await failureOf(collect(parley.clients.list({ stauts: 'active' } as object)));
  assert.deepEqual([misspelt.code, Object.keys(misspelt.fields)], ['FIELD_INVALID', ['stauts']]);
});

test('a refusal is an error with its code, fields and the id that the log has, in either dialect', async (t) => {
  const { parley, server, proxy } = await stage(t);
  const refusal = await failureOf(parley.clients.provision(recordOf({ client: { email: 'nobody' }, contact: { country: 'Germny' } })));
  assert.ok(refusal instanceof ParleyApiError);
  assert.deepEqual([refusal.code, refusal.status, refusal.isRetryable], ['FIELDS_INVALID', 422, false]);
  assert.deepEqual(Object.keys(refusal.fields), ['client.email', 'contact.country']);
  assert.ok(server.logged().includes(refusal.requestId as string));
  assert.match(String(refusal), new RegExp(`ParleyApiError: .+ \\(FIELDS_INVALID, request ${refusal.requestId}\\)`));
  assert.equal(proxy.asked.length, 1, 'and it is not repeated');
  const chosen = await failureOf(parley.clients.get(99, { requestId: 'mine:1' }));
  assert.deepEqual([chosen.code, chosen.requestId], ['CLIENT_NOT_FOUND', 'mine:1']);
  const body = JSON.stringify({ status: 'fail', code: 'STATE_REQUIRED', message: 'Correct it.', data: { 'contact.state': 'is required' } });
  proxy.fates.push({ status: 422, headers: { 'x-request-id': 'theirs' }, body });
  const old = await failureOf(parley.clients.get(99));
  assert.deepEqual([old.code, old.fields, old.requestId], ['STATE_REQUIRED', { 'contact.state': 'is required' }, 'theirs']);
});

test('lost and broken answers are asked for again: one client, one request id, one pair of new codes', async (t) => {
  const { parley, server, proxy } = await stage(t);
  proxy.fates.push('lose', 'cut', 'pass');
  const { clientId, outcome } = await parley.clients.provision(recordOf());
  assert.equal(outcome, 'unchanged');
  assert.deepEqual(
    proxy.asked,
    [1, 2, 3].map(() => `POST ${PROVISION}`),
  );
  assert.equal(new Set(proxy.headers.map((headers) => headers['x-request-id'])).size, 1);
  assert.equal((await collect(parley.clients.list())).length, 1);

  proxy.fates.push('lose', 'lose');
  const rotated = await parley.clients.rotatePassCodes(clientId);
  assert.equal((await parley.clients.provision(recordOf())).passCodes.moderatorPassCode, rotated.passCodes.moderatorPassCode);
  const rotations = await server.query("select count(*) as n from journal where type = 'passcodes.rotated'");
  assert.equal(Number(rotations[0]?.n), 1);
  proxy.fates.push('lose');
  await parley.clients.deactivate(clientId);
  proxy.fates.push('cut');
  assert.equal((await parley.clients.get(clientId)).status, 'inactive');
});

test('who is asked to wait waits: 429, 502, 503 and 504, with Retry-After as seconds or as a date', async (t) => {
  const { parley, proxy } = await stage(t);
  const startedAt = performance.now();
  proxy.fates.push({ status: 429, headers: { 'retry-after': '1' } }, { status: 503, headers: { 'retry-after': new Date().toUTCString() } });
  await parley.clients.provision(recordOf());
  assert.ok(performance.now() - startedAt >= 1_000);
  proxy.fates.push({ status: 502, body: '<html>' }, { status: 504 }, { status: 408 });
  await parley.clients.list().next();
  assert.equal(proxy.asked.length, 7);

  proxy.asked.length = 0;
  proxy.fates.push({ status: 503, headers: { 'retry-after': '3600' } });
  const long = await failureOf(parley.statistics());
  assert.deepEqual([long.status, long.isRetryable, long.retryAfterSeconds, proxy.asked.length], [503, true, 3_600, 1]);
  proxy.fates.push('lose', 'lose', 'lose', 'lose');
  const lost = await failureOf(parley.statistics());
  assert.ok(lost instanceof ParleyConnectionError && !(lost instanceof ParleyTimeoutError));
  assert.deepEqual([lost.code, lost.isRetryable, lost.status, proxy.asked.length], ['CONNECTION_FAILED', true, undefined, 5]);
  proxy.fates.push('lose');
  await failureOf(parley.statistics({ retries: 0 }));
  assert.equal(proxy.asked.length, 6);
});

test('what may have taken effect and would not be answered alike is never repeated', async (t) => {
  const { parley, proxy } = await stage(t);
  for (const fate of ['lose', { status: 503, headers: { 'retry-after': '0' } }, { status: 429 }] as const) {
    proxy.fates.push(fate, fate);
    const strict = await failureOf(parley.clients.provision(recordOf(), { onlyIfNew: true }));
    const raw = await failureOf(parley.request('POST', '/v1/clients/10000000/rotate-passcodes', { body: {} }));
    assert.deepEqual([strict.isRetryable, raw.isRetryable], [false, false]);
  }
  assert.equal(proxy.asked.length, 6);
  assert.equal((await collect(parley.clients.list())).length, 1);
  proxy.fates.push('lose');
  await parley.request('POST', '/v1/clients/10000000/rotate-passcodes', { body: {}, idempotencyKey: 'once' });
  for (const status of [400, 401, 403, 404, 409, 413, 422, 500]) proxy.fates.push({ status });
  proxy.asked.length = 0;
  for (const status of [400, 401, 403, 404, 409, 413, 422, 500]) assert.equal((await failureOf(parley.statistics())).status, status);
  assert.equal(proxy.asked.length, 8, 'nor is what a repeat does not mend');
});

test('an answer that does not come in time, and a caller that no longer waits', async (t) => {
  const { parley, proxy } = await stage(t);
  proxy.fates.push('hang', 'pass');
  await parley.clients.provision(recordOf(), { timeoutMs: 300 });
  assert.equal(proxy.asked.length, 2);
  proxy.fates.push('hang');
  const late = await failureOf(parley.statistics({ timeoutMs: 50, retries: 0 }));
  assert.ok(late instanceof ParleyTimeoutError && late instanceof ParleyConnectionError);
  assert.deepEqual([late.code, late.isRetryable], ['TIMEOUT', true]);

  const controller = new AbortController();
  const reason = new Error('changed my mind');
  proxy.fates.push('hang');
  const waiting = parley.statistics({ signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(waiting, (error) => error === reason);
  await assert.rejects(parley.statistics({ signal: controller.signal }), (error) => error === reason);
  proxy.fates.length = 0;
  proxy.fates.push({ status: 503, headers: { 'retry-after': '30' } });
  await assert.rejects(parley.statistics({ signal: AbortSignal.timeout(200) }), { name: 'TimeoutError' });
});

test('the token goes nowhere but to the server: not where a redirect leads, not into an error, not into what is printed', async (t) => {
  const { parley, proxy, server } = await stage(t);
  proxy.fates.push({ status: 307, headers: { location: `${server.url}/v1/statistics` } });
  const redirected = await failureOf(parley.statistics());
  assert.deepEqual([redirected.code, redirected.status, redirected.isRetryable], ['ANSWER_UNREADABLE', 307, false]);
  proxy.fates.push({ status: 200, body: '<html>' }, 'lose');
  const failures = [redirected, await failureOf(parley.statistics()), await failureOf(parley.statistics({ retries: 0 }))];
  const unauthorized = new Parley({ url: server.url, token: `${TEST_TOKEN}x` });
  failures.push(await failureOf(unauthorized.statistics()));
  failures.push(await failureOf(new Parley({ url: 'http://127.0.0.1:1', token: TEST_TOKEN, retries: 0 }).statistics()));
  assert.deepEqual(
    failures.map(({ code }) => code),
    ['ANSWER_UNREADABLE', 'ANSWER_UNREADABLE', 'CONNECTION_FAILED', 'UNAUTHORIZED', 'CONNECTION_FAILED'],
  );
  for (const thing of [parley, parley.clients, ...failures]) {
    for (const printed of [inspect(thing, { depth: 9, showHidden: true }), JSON.stringify(thing)])
      assert.ok(!printed.includes(TEST_TOKEN), printed);
  }
  for (const token of ['', `${TEST_TOKEN}\n`, 'with a space', 'ключ', undefined as unknown as string])
    assert.throws(() => new Parley({ url: server.url, token }), /^TypeError: The token must be printable ASCII without spaces\.$/);
  for (const url of ['ftp://example.com', 'https://user:secret@example.com', 'https://example.com/?a=1', 'example'])
    assert.throws(() => new Parley({ url, token: TEST_TOKEN }), TypeError);
});
