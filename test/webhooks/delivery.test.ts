import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { type Received, startReceiver } from '../support/receiver.ts';
import { askDoctor } from '../support/doctor.ts';
import { get } from '../support/resources.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { assertInOrder, call, createEndpoint, deliveriesOf, endpointOf, startWebhookServer, typesOf } from '../support/webhooks.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const CLIENT_EVENTS = ['client.provisioned', 'client.deactivated', 'client.reactivated', 'client.terminated'];

async function provision(server: TestServer, externalId: number): Promise<number> {
  return (await server.provision({ client: { externalId } })).data.clientId;
}

const about = (clientId: number, received: readonly Received[]): Received[] => received.filter(({ event }) => event.clientId === clientId);

test('a client whose events do not arrive holds up its own alone, and gets them in order later', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const endpoint = await createEndpoint(server, receiver.url, { types: CLIENT_EVENTS });
  const [poor, rich] = [await provision(server, 1), await provision(server, 2)];
  await until('both are known', () => receiver.accepted.length === 2);
  let isBroken = true;
  receiver.decide = ({ event }) =>
    isBroken && event.clientId === poor ? { status: 500, body: 'database of the receiver is down' } : { status: 200 };
  for (const clientId of [poor, rich]) {
    await server.post(DEACTIVATE, { clientId });
    await server.post(REACTIVATE, { clientId });
  }
  await until('the other client goes on', () => about(rich, receiver.accepted).length === 3);
  await until('the first failure is on record', async () =>
    (await deliveriesOf(server, endpoint, '&state=pending')).some((one) => one.attempts === 1),
  );
  const waiting = await deliveriesOf(server, endpoint, `&state=pending&clientId=${poor}`);
  assert.deepEqual(
    waiting.map(({ type, attempts, nextAttemptAt }) => [type, attempts, nextAttemptAt === null]),
    [
      ['client.reactivated', 0, true],
      ['client.deactivated', 1, false],
    ],
  );
  const { at, durationMs, ...answer } = waiting[1].lastAttempt;
  assert.deepEqual(answer, { status: 500, error: 'the receiver answered 500', excerpt: 'database of the receiver is down' });
  assert.ok(Date.parse(at) > 0 && durationMs >= 0);
  assert.equal((await endpointOf(server, endpoint)).enabled, true);

  isBroken = false;
  server.advance(6_000);
  await until('it has all of its own', () => about(poor, receiver.accepted).length === 3);
  assert.deepEqual(typesOf(about(poor, receiver.accepted)), ['client.provisioned', 'client.deactivated', 'client.reactivated']);
  assertInOrder(receiver.received);
  const tries = about(poor, receiver.received).filter(({ event }) => event.type === 'client.deactivated');
  assert.ok(tries.length >= 2);
  assert.deepEqual(new Set(tries.map(({ id }) => id)).size, 1, 'every attempt has the same webhook-id');
});

test('a receiver that fails, resets, hangs and is away gets each event at least once, and in order for each client', async (t) => {
  const server = await startWebhookServer(t);
  const first = await startReceiver(t);
  const endpoint = await createEndpoint(server, first.url, { types: CLIENT_EVENTS });
  const fates = ['reset', { status: 503 }, { status: 200 }, { status: 301 }, { status: 200 }, { status: 404 }] as const;
  let turn = 0;
  first.decide = () => fates[turn++ % fates.length] as (typeof fates)[number];
  const clients = await Promise.all(Array.from({ length: 6 }, (_, i) => provision(server, 10 + i)));
  for (const clientId of clients) await server.post(DEACTIVATE, { clientId });
  const turnClock = setInterval(() => server.advance(30_000), 25);
  t.after(() => clearInterval(turnClock));
  await until('some have arrived', () => first.accepted.length >= 6, { withinMs: 30_000 });
  await first.close();
  for (const clientId of clients) await server.post(REACTIVATE, { clientId });
  await until('the connection is refused', async () =>
    (await deliveriesOf(server, endpoint)).some(({ lastAttempt }) => lastAttempt?.error === 'no answer: ECONNREFUSED'),
  );
  const second = await startReceiver(t, Number(new URL(first.url).port));
  await until('all have arrived', () => new Set([...first.accepted, ...second.accepted].map(({ id }) => id)).size === 18, {
    withinMs: 60_000,
  });
  assertInOrder([...first.accepted, ...second.accepted]);
  assertInOrder([...first.received, ...second.received]);
});

test('an answer that comes too late counts as none, and others are not kept waiting for it', { timeout: 120_000 }, async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const endpoint = await createEndpoint(server, receiver.url, { types: CLIENT_EVENTS });
  const [slow, quick] = [await provision(server, 1), await provision(server, 2)];
  await until('both are known', () => receiver.accepted.length === 2);
  let hangs = true;
  receiver.decide = ({ event }) => (hangs && event.clientId === slow ? 'hang' : { status: 200 });
  await server.post(DEACTIVATE, { clientId: slow });
  await server.post(REACTIVATE, { clientId: slow });
  await until('it hangs', () => about(slow, receiver.received).length === 2);
  for (let i = 0; i < 5; i++) for (const path of [DEACTIVATE, REACTIVATE]) await server.post(path, { clientId: quick });
  await until('the other client goes on meanwhile', () => about(quick, receiver.accepted).length === 11);
  assert.equal(about(slow, receiver.received).length, 2, 'one at a time for each client');
  await until(
    'the attempt is over',
    async () => (await deliveriesOf(server, endpoint, '&state=pending')).some(({ attempts }) => attempts === 1),
    {
      withinMs: 30_000,
    },
  );
  const late = (await deliveriesOf(server, endpoint, '&state=pending')).find(({ attempts }) => attempts === 1);
  assert.deepEqual([late.lastAttempt.status, late.lastAttempt.error], [null, 'no answer within 15 s']);
  hangs = false;
  server.advance(6_000);
  await until('it arrives after all', () => about(slow, receiver.accepted).length === 3);
  assertInOrder(receiver.received);
});

test('an event is tried ten times over days, by the schedule of the specification, and then given up until somebody retries it', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  receiver.decide = () => ({ status: 500 });
  const endpoint = await createEndpoint(server, receiver.url, { types: ['client.provisioned'] });
  await server.provision();
  const only = async (): Promise<any> => (await deliveriesOf(server, endpoint))[0];
  const waits = [5_000, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 14 * HOUR_MS, 20 * HOUR_MS, 24 * HOUR_MS];
  for (const [at, wait] of waits.entries()) {
    await until(`attempt ${at + 1}`, async () => (await only())?.attempts === at + 1);
    const { nextAttemptAt, lastAttempt } = await only();
    const planned = Date.parse(nextAttemptAt) - Date.parse(lastAttempt.at);
    assert.ok(planned >= wait && planned <= wait * 1.1, `${planned} ms after attempt ${at + 1}`);
    server.advance(Math.max(0, Date.parse(nextAttemptAt) - server.now()));
  }
  await until('it is given up', async () => (await only()).state === 'failed');
  assert.deepEqual([(await only()).attempts, (await only()).nextAttemptAt, receiver.received.length], [10, null, 10]);
  receiver.decide = () => ({ status: 200, body: 'now it is fine' });
  const { deliveryId } = await only();
  assert.equal((await server.post(`/v1/webhooks/deliveries/${deliveryId}/retry`, undefined)).status, 200);
  await until('it has arrived', async () => (await only()).state === 'delivered');
  assert.deepEqual([(await only()).attempts, (await only()).lastAttempt.excerpt], [1, 'now it is fine']);
  await server.post(`/v1/webhooks/deliveries/${deliveryId}/retry`, undefined);
  await until('also what has arrived is sent again if asked for', () => receiver.accepted.length === 2);
});

test('a receiver that says when to come again is believed, within a day', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const endpoint = await createEndpoint(server, receiver.url, { types: ['client.provisioned'] });
  const answers: [number, string, number][] = [
    [429, '3600', HOUR_MS],
    [503, '99999999', DAY_MS],
    [503, new Date(Date.now() + 2 * HOUR_MS).toUTCString(), 2 * HOUR_MS],
    [500, '3600', 5_000],
    [429, 'soon', 5_000],
  ];
  for (const [at, [status, retryAfter, wait]] of answers.entries()) {
    receiver.decide = () => ({ status, headers: { 'retry-after': retryAfter } });
    await provision(server, at + 1);
    await until(
      `answer ${status}`,
      async () => (await deliveriesOf(server, endpoint))[0]?.attempts === 1 && receiver.received.length === at + 1,
    );
    const [{ nextAttemptAt, lastAttempt }] = await deliveriesOf(server, endpoint);
    const planned = Date.parse(nextAttemptAt) - Date.parse(lastAttempt.at);
    assert.ok(Math.abs(planned - wait) <= Math.max(5_000, wait * 0.1), `${planned} ms after ${status} ${retryAfter}`);
  }
});

test('an endpoint at which nothing has arrived for five days is disabled, with an event for the others, and goes on in order when it is enabled', async (t) => {
  const server = await startWebhookServer(t);
  const [broken, sound] = [await startReceiver(t), await startReceiver(t)];
  broken.decide = () => ({ status: 500 });
  const endpoint = await createEndpoint(server, broken.url);
  await createEndpoint(server, sound.url, { types: ['webhook.endpoint_disabled'] });
  const clientId = await provision(server, 1);
  await until('everything fails', async () => (await endpointOf(server, endpoint)).failingSince !== null);
  const doctorSays = async () => (await askDoctor(server.settings)).filter(({ check }) => check === 'webhooks');
  const [failing] = await doctorSays();
  assert.deepEqual([failing?.result, failing?.detail.includes(`Nothing arrives at ${endpoint.endpointId} (`)], ['warning', true]);
  server.advance(4.9 * DAY_MS);
  await until('it is tried again', () => broken.received.length >= 4);
  assert.equal((await endpointOf(server, endpoint)).enabled, true);
  server.advance(0.2 * DAY_MS);
  await until('it is disabled', async () => !(await endpointOf(server, endpoint)).enabled);
  const { disabledReason, disabledAt } = await endpointOf(server, endpoint);
  assert.deepEqual([disabledReason, disabledAt === null], ['failing', false]);
  await until('the other endpoint is told', () => sound.accepted.length === 1);
  assert.deepEqual(sound.accepted[0]?.event.data, { endpointId: endpoint.endpointId, reason: 'failing' });
  const [disabled] = await doctorSays();
  assert.deepEqual([disabled?.result, /^Disabled because nothing arrived: \d+ \(127/.test(disabled?.detail ?? '')], ['warning', true]);
  const [entry] = (await get(server, '/v1/audit?types=webhook.endpoint_disabled')).json.items;
  assert.deepEqual([entry.actor, entry.data.reason], [{ kind: 'system' }, 'failing']);
  assert.match(await (await fetch(`${server.url}/metrics`)).text(), /^parley_webhook_endpoints_disabled 1$/m);

  const sent = broken.received.length;
  await server.post(DEACTIVATE, { clientId });
  await server.post(REACTIVATE, { clientId });
  server.advance(DAY_MS);
  broken.decide = () => ({ status: 200 });
  await server.provision({ client: { externalId: 2 } });
  await createEndpoint(server, `${sound.url}/later`, { after: 'evt_0', types: ['client.provisioned'] });
  await until('others go on', () => sound.accepted.length === 3);
  assert.equal(broken.received.length, sent, 'and it is left alone');
  await call(server, 'PATCH', `/v1/webhooks/${endpoint.endpointId}`, { enabled: true });
  await until('it has what it missed', () => broken.accepted.length === 5);
  assert.deepEqual(typesOf(about(clientId, broken.accepted)), ['client.provisioned', 'client.deactivated', 'client.reactivated']);
  assert.ok(!typesOf(broken.accepted).includes('webhook.endpoint_disabled'), 'but not that it was disabled itself');
  const { enabled, failingSince } = await endpointOf(server, endpoint);
  assert.deepEqual([enabled, failingSince], [true, null]);
  assert.deepEqual(
    (await doctorSays()).map(({ result }) => result),
    ['ok'],
  );
});

test('an endpoint whose receiver answers 410 is disabled at once', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  receiver.decide = () => ({ status: 410 });
  const endpoint = await createEndpoint(server, receiver.url, { types: ['client.provisioned'] });
  await server.provision();
  await until('it is disabled', async () => (await endpointOf(server, endpoint)).disabledReason === 'gone');
  receiver.decide = () => ({ status: 200 });
  await call(server, 'PATCH', `/v1/webhooks/${endpoint.endpointId}`, { enabled: true });
  await until('the event was kept', () => receiver.accepted.length === 1);
});

test('a replay sends what was sent again, in order, with the same ids, and nothing twice that waits already', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const endpoint = await createEndpoint(server, receiver.url);
  const path = `/v1/webhooks/${endpoint.endpointId}`;
  const clientId = await provision(server, 1);
  await server.post(DEACTIVATE, { clientId });
  await until('all have arrived', () => receiver.accepted.length === 3);
  const before = receiver.accepted.map(({ id }) => id);
  const middle = server.now() + 1_000;
  server.advance(10_000);
  await server.post(REACTIVATE, { clientId });
  await until('the last one has arrived', () => receiver.accepted.length === 4);
  const replay = async (body: object, n: number, headers = {}): Promise<Received[]> => {
    const from = receiver.accepted.length;
    const answer = await server.post(`/v1/webhooks/${endpoint.endpointId}/replay`, body, headers);
    assert.deepEqual([answer.status, answer.text], [200, '{"status":"success"}']);
    await until('it is replayed', () => receiver.accepted.length === from + n);
    return receiver.accepted.slice(from);
  };
  const all = await replay({ after: 'evt_0' }, 4);
  assertInOrder(all);
  assert.deepEqual(new Set(all.slice(0, 4).map(({ id }) => id)), new Set(receiver.accepted.slice(0, 4).map(({ id }) => id)));
  assert.deepEqual(typesOf(await replay({ since: receiver.accepted[3]?.event.at }, 1)), ['client.reactivated']);
  const early = await replay({ since: '2020-01-01', until: new Date(middle).toISOString() }, 3);
  assert.deepEqual(new Set(early.map(({ id }) => id)), new Set(before));
  assert.deepEqual(typesOf(await replay({ after: 'evt_0', types: ['client.deactivated'] }, 1)), ['client.deactivated']);
  const key = { 'Idempotency-Key': 'replay-1' };
  await replay({ after: 'evt_0', types: ['client.reactivated'] }, 1, key);
  await replay({ after: 'evt_0', types: ['client.reactivated'] }, 0, key);
  assert.deepEqual(
    (await deliveriesOf(server, endpoint)).map(({ replay: isReplay }) => isReplay),
    [...Array.from({ length: 10 }, () => true), ...Array.from({ length: 4 }, () => false)],
  );

  await call(server, 'PATCH', path, { enabled: false });
  for (let i = 0; i < 5; i++) assert.equal((await server.post(`${path}/replay`, { after: 'evt_0' })).status, 200);
  assert.equal((await server.post(`${path}/replay`, { after: 'evt_0' })).json.code, 'WEBHOOK_LIMIT');
  const from = receiver.accepted.length;
  await call(server, 'PATCH', path, { enabled: true });
  await until('the replays have ended', async () => (await server.query('select 1 from webhook_replays')).length === 0);
  await until('nothing waits', async () => (await deliveriesOf(server, endpoint, '&state=pending')).length === 0);
  const counts = Map.groupBy(receiver.accepted.slice(from), ({ id }) => id);
  assert.equal(counts.size, 4);
});

test('the log of deliveries is paged, filtered, and forgotten after thirty days', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  receiver.decide = ({ event }) =>
    event.data.externalId === 3 ? { status: 500, body: Buffer.alloc(100_000, 'é') } : { status: 200, body: 'x'.repeat(5_000) };
  const endpoint = await createEndpoint(server, receiver.url, { types: ['client.provisioned'] });
  const clients: number[] = [];
  for (const externalId of [1, 2, 3]) clients.push(await provision(server, externalId));
  await until(
    'each was tried',
    async () => (await deliveriesOf(server, endpoint)).every(({ attempts }) => attempts === 1) && receiver.received.length === 3,
  );
  const path = `/v1/webhooks/${endpoint.endpointId}/deliveries`;
  const first = (await get(server, `${path}?limit=2`)).json;
  const second = (await get(server, `${path}?limit=2&before=${first.next}`)).json;
  assert.deepEqual(
    [...first.items, ...second.items].map(({ clientId }) => clientId),
    clients.toReversed(),
  );
  assert.equal(second.next, null);
  assert.deepEqual(
    (await deliveriesOf(server, endpoint, '&state=delivered')).map(({ clientId }) => clientId),
    [clients[1], clients[0]],
  );
  const [failing] = await deliveriesOf(server, endpoint, `&state=pending&clientId=${clients[2]}`);
  assert.equal(failing.lastAttempt.excerpt, 'é'.repeat(1_024));
  assert.equal((await deliveriesOf(server, endpoint, '&state=delivered'))[0].lastAttempt.excerpt, 'x'.repeat(1_024));
  for (const query of ['state=lost', 'before=0', 'limit=201', 'after=1', 'clientId=x'])
    assert.equal((await get(server, `${path}?${query}`)).json.code, 'FIELD_INVALID', query);
  for (const query of ['before=9007199254740991', 'clientId=9007199254740991'])
    assert.equal((await get(server, `${path}?${query}`)).status, 200);
  for (const id of [9_007_199_254_740_991, 2 ** 40])
    assert.equal((await server.post(`/v1/webhooks/deliveries/${id}/retry`, undefined)).json.code, 'DELIVERY_NOT_FOUND');
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  assert.match(metrics, /^parley_webhook_attempts_total\{outcome="delivered"\} 2$/m);
  assert.match(metrics, /^parley_webhook_deliveries_pending 1$/m);
  assert.match(metrics, /^parley_webhook_oldest_pending_seconds [\d.]+$/m);
  receiver.decide = () => ({ status: 200 });
  server.advance(31 * DAY_MS);
  await until('the old ones are forgotten', async () => (await deliveriesOf(server, endpoint)).length === 1);
});

test('a deleted endpoint takes its deliveries along', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  receiver.decide = () => ({ status: 500 });
  const [one, other] = [await createEndpoint(server, receiver.url), await createEndpoint(server, `${receiver.url}/other`)];
  await server.provision();
  await until('both have tried', () => receiver.received.length === 4);
  const [{ deliveryId }] = await deliveriesOf(server, one);
  await call(server, 'DELETE', `/v1/webhooks/${one.endpointId}`);
  assert.deepEqual(await server.query('select distinct endpoint_id from webhook_deliveries'), [{ endpoint_id: other.endpointId }]);
  assert.deepEqual(await server.query('select endpoint_id from webhooks'), [{ endpoint_id: other.endpointId }]);
  assert.equal((await server.post(`/v1/webhooks/deliveries/${deliveryId}/retry`, undefined)).json.code, 'DELIVERY_NOT_FOUND');
});

test('many clients are served at once, a bounded number at an endpoint', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const endpoint = await createEndpoint(server, receiver.url, { types: CLIENT_EVENTS });
  receiver.decide = () => new Promise((resolve) => setTimeout(() => resolve({ status: 200 }), 20));
  await Promise.all(Array.from({ length: 300 }, (_, i) => server.provision({ client: { externalId: i + 1 } })));
  await until('all have arrived', () => receiver.accepted.length === 300, { withinMs: 60_000 });
  assert.ok(receiver.mostAtOnce > 1 && receiver.mostAtOnce <= 8, `${receiver.mostAtOnce} at once`);
  assert.equal(new Set(receiver.accepted.map(({ id }) => id)).size, 300);
  await until('nothing is left', async () => (await deliveriesOf(server, endpoint, '&state=pending')).length === 0);
});
