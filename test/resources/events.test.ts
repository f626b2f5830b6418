import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEACTIVATE, PROVISION, provisionBody, REACTIVATE } from '../support/bodies.ts';
import { get, readStream } from '../support/resources.ts';
import { makeDataDir, startTestServer, TEST_TOKEN, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

interface EventJson {
  id: string;
  type: string;
  at: string;
  clientId: number | null;
  companyId: number | null;
  requestId: string;
  data: Record<string, unknown>;
}

/** `npm run test:faults` asks for all of them. */
const RACED_EVENTS = process.env.FAULTS === 'all' ? 100_000 : 10_000;
const WRITERS = 32;

async function readAll(server: TestServer, query = ''): Promise<EventJson[]> {
  const events: EventJson[] = [];
  for (let after = ''; ;) {
    const { json } = await get(server, `/v1/events?limit=1000${query}${after}`);
    events.push(...json.items);
    if (!json.hasMore) return events;
    after = `&after=${json.next}`;
  }
}

test('every change leaves its events: what happened, to whom, by which request, and no value of a field', async (t) => {
  const server = await startTestServer(t);
  const { clientId, companyId } = (await server.provision({}, { 'X-Request-Id': 'first' })).data;
  await server.provision();
  await server.provision({ client: { email: 'new@example.com', first: 'Zoë' } }, { 'X-Source-Version': '4' });
  await server.provision({ company: { name: 'Other Name' }, client: { email: 'new@example.com', first: 'Zoë' } });
  await server.post(DEACTIVATE, { clientId });
  await server.post(DEACTIVATE, { clientId });
  await server.post(REACTIVATE, { clientId });
  assert.equal((await server.provision({ company: { externalId: 51 }, client: { email: 'new@example.com' } })).status, 409);

  const events = await readAll(server);
  assert.deepEqual(
    events.map(({ type, data }) => [type, data]),
    [
      ['company.created', { externalId: 50, enterpriseId: 799 }],
      ['client.provisioned', { externalId: 100, companyExternalId: 50 }],
      ['client.updated', { externalId: 100, changed: ['client.first', 'client.email'], sourceVersion: 4 }],
      ['company.updated', { externalId: 50, changed: ['company.name'] }],
      ['client.deactivated', { externalId: 100 }],
      ['client.reactivated', { externalId: 100 }],
    ],
  );
  assert.deepEqual(
    events.map((event) => event.clientId),
    [null, clientId, clientId, null, clientId, clientId],
  );
  assert.deepEqual(new Set(events.map((event) => event.companyId)), new Set([companyId]));
  assert.deepEqual(
    events.slice(0, 2).map(({ requestId }) => requestId),
    ['first', 'first'],
  );
  assert.ok(events.every(({ id, at }) => /^evt_\d+$/.test(id) && Math.abs(Date.parse(at) - Date.now()) < 60_000));
  assert.doesNotMatch(JSON.stringify(events), /example\.com|Zoë|Other Name|Montreal/);
});

test('events are paged by the id of the last one, filtered by type, client and time; a tenant sees its own', async (t) => {
  const server = await startTestServer(t);
  const clients = await Promise.all(Array.from({ length: 20 }, (_, i) => server.provision({ client: { externalId: i + 1 } })));
  const { clientId } = (clients[7] as (typeof clients)[0]).data;
  await server.post(DEACTIVATE, { clientId });
  const all = await readAll(server);
  assert.equal(all.length, 22);

  const paged: EventJson[] = [];
  for (let after: string | undefined; ;) {
    const { json } = await get(server, `/v1/events?limit=3${after === undefined ? '' : `&after=${after}`}`);
    paged.push(...json.items);
    after = json.next;
    if (!json.hasMore) break;
  }
  assert.deepEqual(paged, all);

  const latest: EventJson[] = [];
  for (let before = ''; ;) {
    const { json } = await get(server, `/v1/events?order=desc&limit=3${before}`);
    latest.push(...json.items);
    before = `&before=${json.next}`;
    if (json.hasMore) continue;
    assert.equal(json.next, null);
    break;
  }
  assert.deepEqual(latest, all.toReversed());
  const between = `after=${all[4]?.id}&before=${all[9]?.id}`;
  assert.deepEqual((await get(server, `/v1/events?${between}`)).json.items, all.slice(5, 9));
  assert.deepEqual((await get(server, `/v1/events?order=desc&${between}`)).json.items, all.slice(5, 9).toReversed());
  assert.deepEqual(
    (await readAll(server, '&types=client.deactivated')).map((event) => event.clientId),
    [clientId],
  );
  assert.deepEqual(
    (await readAll(server, `&clientId=${clientId}`)).map(({ type }) => type),
    ['client.provisioned', 'client.deactivated'],
  );
  assert.deepEqual(await readAll(server, '&since=2099-01-01'), []);
  assert.equal((await readAll(server, '&since=2020-01-01T00:00:00%2B02:00')).length, 22);

  const stranger = await server.addTenant('stranger');
  const { json } = await get(server, '/v1/events', { 'X-AUTH-TOKEN': stranger });
  assert.deepEqual([json.items, json.hasMore], [[], false]);
  const bearer = await get(server, '/v1/events?limit=1', { 'X-AUTH-TOKEN': undefined, Authorization: `Bearer ${TEST_TOKEN}` });
  assert.equal(bearer.json.items.length, 1);
});

test('a query that cannot be understood is refused by the names of its parameters, as a problem', async (t) => {
  const server = await startTestServer(t);
  const refused = await get(server, '/v1/events?limit=0&after=12&types=client.deactivatd&sience=2026-01-01&since=yesterday&clientId=x');
  assert.equal(refused.status, 422);
  assert.match(refused.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.deepEqual(
    refused.json.errors.map(({ field }: { field: string }) => field),
    ['limit', 'after', 'types', 'sience', 'since', 'clientId'],
  );
  assert.match(refused.text, /is not a parameter of this path: there are order, after, before, limit, types, clientId, since/);
  assert.equal((await get(server, '/v1/events', { 'X-AUTH-TOKEN': undefined })).status, 401);
  assert.equal((await get(server, '/v1/nothing')).json.code, 'PATH_NOT_FOUND');
  const wrongMethod = await server.post('/v1/events', {});
  assert.deepEqual([wrongMethod.status, wrongMethod.headers.get('allow')], [405, 'GET']);
  const { token } = await server.addToken('default', { scopes: ['provision'] });
  assert.equal((await get(server, '/v1/events', { 'X-AUTH-TOKEN': token })).json.code, 'SCOPE_REQUIRED');
});

test(
  `a reader that races ${WRITERS} writers misses nothing and repeats nothing in ${RACED_EVENTS} events`,
  { timeout: 1_200_000 },
  async (t) => {
    // Two servers on PostgreSQL, which alone can have them: half of the writers at each.
    const first = await startTestServer(t);
    const second = first.databasePath === '' ? await startTestServer(t, first.settings) : first;
    const servers = [first, second];
    const clients = await Promise.all(
      Array.from({ length: WRITERS }, (_, i) => first.provision({ company: { externalId: 1 + (i % 4) }, client: { externalId: i + 1 } })),
    );
    let written = WRITERS + 4;
    let isOver = false;
    const write = async (writer: number): Promise<void> => {
      const { clientId } = (clients[writer] as (typeof clients)[0]).data;
      for (let i = 0; written < RACED_EVENTS; i++) {
        written++;
        const server = servers[(writer + i) % 2] as TestServer;
        assert.equal((await server.post(i % 2 ? REACTIVATE : DEACTIVATE, { clientId })).status, 200);
      }
    };
    const seen: EventJson[] = [];
    const read = async (): Promise<void> => {
      for (let next: string | null = null, turn = 0; ; turn++) {
        const wasOver = isOver;
        const after: string = next === null ? '' : `&after=${next}`;
        const { json } = await get(servers[turn % 2] as TestServer, `/v1/events?limit=97${after}`);
        seen.push(...json.items);
        next = json.next;
        if (wasOver && !json.hasMore) return;
      }
    };
    const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer))).finally(() => (isOver = true));
    await Promise.all([writing, read()]);
    const all = await readAll(first);
    assert.equal(all.length, written);
    assert.deepEqual(
      seen.map(({ id }) => id),
      all.map(({ id }) => id),
    );
    // Each client's own events alternate: their order is the order in which they happened.
    for (const events of Map.groupBy(
      seen.filter(({ type }) => type.endsWith('activated')),
      ({ clientId }) => clientId,
    ).values())
      events.forEach(({ type }, i) => assert.equal(type, i % 2 ? 'client.reactivated' : 'client.deactivated'));
    t.diagnostic(`${all.length} events of ${WRITERS} writers: the reader beside them missed 0 and repeated 0`);
  },
);

test('the stream sends events as they happen, goes on after Last-Event-ID, and ends with its token or the server', async (t) => {
  const server = await startTestServer(t);
  await server.provision();
  const live = await readStream(server, '/v1/events/stream');
  const { clientId } = (await server.provision({ client: { externalId: 101 } })).data;
  await server.post(DEACTIVATE, { clientId });
  await until('two events have come', () => live.events.length >= 2);
  assert.deepEqual(
    live.events.map(({ type }) => type),
    ['client.provisioned', 'client.deactivated'],
  );
  const all = await readAll(server);
  assert.deepEqual(
    live.events.map(({ data }) => data),
    all.slice(-2),
  );

  const resumed = await readStream(server, '/v1/events/stream', { 'Last-Event-ID': all[1]?.id });
  await until('what was missed has come', () => resumed.events.length >= 2);
  assert.deepEqual(
    resumed.events.map(({ id }) => id),
    all.slice(2).map(({ id }) => id),
  );
  const filtered = await readStream(server, '/v1/events/stream?types=client.deactivated&after=evt_1');
  await until('the filtered one has come', () => filtered.events.length > 0);
  assert.equal(filtered.events[0]?.type, 'client.deactivated');

  const { token, tokenId } = await server.addToken('default');
  const ending = await readStream(server, '/v1/events/stream', { 'X-AUTH-TOKEN': token });
  await server.revoke(tokenId);
  await until('the stream of a revoked token has ended', () => ending.isEnded);
  assert.equal(live.isEnded, false);
  await server.stop();
  await until('the server takes its streams with it', () => live.isEnded && resumed.isEnded && filtered.isEnded);
});

test('a reader of the stream knows from the first where it is, and goes on from there whatever it asked for at first', async (t) => {
  const server = await startTestServer(t);
  const early = await readStream(server, '/v1/events/stream?types=client.deactivated');
  await until('it has its place before there is an event for it', () => early.lastId !== undefined);
  const { clientId } = (await server.provision()).data;
  await server.post(DEACTIVATE, { clientId });
  const resumed = await readStream(server, '/v1/events/stream?after=evt_0', { 'Last-Event-ID': early.lastId });
  await until('what came after its place has come', () => resumed.events.length >= 3);
  const types = ['company.created', 'client.provisioned', 'client.deactivated'];
  assert.deepEqual(
    resumed.events.map(({ type }) => type),
    types,
  );
  const all = await readAll(server, '&after=evt_0');
  assert.deepEqual(
    all.map(({ type }) => type),
    types,
  );
  const later = await readStream(server, '/v1/events/stream?after=evt_0', { 'Last-Event-ID': all[1]?.id });
  await until('the last one has come', () => later.events.length > 0);
  assert.equal(later.events[0]?.type, 'client.deactivated');
});

test('an event is there or its change is not: a request that is refused or changes nothing leaves none', async (t) => {
  const server = await startTestServer(t, { PARLEY_DATA_DIR: makeDataDir() });
  await server.provision();
  const before = await readAll(server);
  await server.provision();
  await server.post(PROVISION, provisionBody({ client: { email: 'no' } }));
  await server.provision({ company: { externalId: 99 } });
  await server.provision({}, { 'If-None-Match': '*' });
  await server.post(DEACTIVATE, { clientId: 1 });
  assert.deepEqual(await readAll(server), before);
});
