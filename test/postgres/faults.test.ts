import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client } from 'pg';
import type { Finding } from '../../src/operations/doctor/finding.ts';
import { askDoctor } from '../support/doctor.ts';
import { DEACTIVATE, GET } from '../support/bodies.ts';
import { startCluster } from '../support/cluster.ts';
import { createTestDatabase, queryPostgres } from '../support/database.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { runParley } from '../support/process.ts';
import { type Answer, makeDataDir, startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** Whatever a caller may be told while the database is not to be had. */
function assertUnavailable({ status, headers, json }: Answer): void {
  assert.equal(status, 503, JSON.stringify(json));
  assert.match(json.code, /^(STORE_UNAVAILABLE|OVERLOADED)$/);
  assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/);
}

test('C29: while PostgreSQL is away every call answers 503 with Retry-After, and service is back without a restart', async (t) => {
  const cluster = await startCluster();
  t.after(() => cluster.remove());
  const server = await startTestServer(t, { PARLEY_DATABASE_URL: await cluster.createDatabase() });
  const { text, data } = await server.provision();
  for (const end of ['stop', 'kill'] as const) {
    await cluster[end]();
    for (const answer of await Promise.all([
      server.provision(),
      server.provision({ client: { externalId: 7 } }),
      server.post(GET, { clientId: data.clientId }),
      server.post(DEACTIVATE, { clientId: data.clientId }),
    ]))
      assertUnavailable(answer);
    assert.equal((await fetch(`${server.url}/readyz`)).status, 503);
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    await cluster.start();
    await until('it is ready again', async () => (await fetch(`${server.url}/readyz`)).ok);
    assert.equal((await server.provision()).text, text);
  }
  assert.equal((await server.provision({ client: { externalId: 7 } })).status, 200);
  assert.equal((await server.post(DEACTIVATE, { clientId: data.clientId })).status, 200);
});

test('a node whose database is away at start says so in one sentence, and does not start', async () => {
  const url = new URL(await createTestDatabase());
  const start = async (change: (changed: URL) => void): Promise<string> => {
    const changed = new URL(url);
    change(changed);
    const { code, stderr } = await runParley(['serve'], {
      PARLEY_DATA_DIR: makeDataDir(),
      PARLEY_PORT: '0',
      PARLEY_DATABASE_URL: changed.href,
    });
    assert.equal(code, 1);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.doesNotMatch(stderr, new RegExp(url.password));
    return stderr;
  };
  assert.match(await start((changed) => (changed.port = '1')), /127\.0\.0\.1:1 refuses connections\. Start it/);
  assert.match(await start((changed) => (changed.pathname = 'nowhere')), /has no database "nowhere"\. Make it/);
  assert.match(await start((changed) => (changed.password = 'wrong')), /refuses the password of user/);
  assert.match(await start((changed) => (changed.hostname = 'db.example.com')), /sslmode/);
});

test('a row that another program holds for long: its client waits and gets 503, its neighbours do not wait, and it goes on afterwards', async (t) => {
  const server = await startTestServer(t);
  const held = (await server.provision()).data;
  const url = server.settings.PARLEY_DATABASE_URL as string;
  const foreign = new Client({ connectionString: url });
  await foreign.connect();
  t.after(() => foreign.end());
  await foreign.query('begin');
  await foreign.query(`select from clients where client_id = ${held.clientId} for update`);

  const locked = Promise.all([server.post(DEACTIVATE, { clientId: held.clientId }), server.provision({ client: { first: 'Changed' } })]);
  let isSettled = false;
  void locked.then(() => (isSettled = true));
  // So few that a busy machine is done with them while the others wait, and more than one group.
  const neighbours = await Promise.all(Array.from({ length: 25 }, (_, i) => server.provision({ client: { externalId: 200 + i } })));
  assert.deepEqual(new Set(neighbours.map(({ status }) => status)), new Set([200]));
  assert.ok(!isSettled, 'the neighbours were done while the locked ones still waited');
  for (const answer of await locked) assertUnavailable(answer);
  assert.equal((await server.post(GET, { clientId: held.clientId })).headers.get('x-client-status'), 'active');
  await foreign.query('rollback');
  assert.equal((await server.post(DEACTIVATE, { clientId: held.clientId })).status, 200);
  assert.equal((await server.provision({ client: { first: 'Changed' } })).headers.get('x-provision-outcome'), 'updated');
});

test('a table that another program locks for long: everything is refused within bounds, nothing hangs, and all of it works afterwards', async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  const foreign = new Client({ connectionString: server.settings.PARLEY_DATABASE_URL as string });
  await foreign.connect();
  t.after(() => foreign.end());
  await foreign.query('begin');
  await foreign.query('lock table clients in access exclusive mode');
  const answers = await Promise.all([
    ...Array.from({ length: 50 }, (_, i) => server.provision({ client: { externalId: 200 + i } })),
    ...Array.from({ length: 50 }, () => server.post(GET, { clientId })),
  ]);
  for (const answer of answers) assertUnavailable(answer);
  await foreign.query('rollback');
  await until('it works again', async () => (await server.provision({ client: { externalId: 200 } })).status === 200);
  assert.equal((await server.post(GET, { clientId })).status, 200);
});

test("a pool that runs dry: a node's own, and the server's", async (t) => {
  const url = await createTestDatabase();
  const server = await startTestServer(t, { PARLEY_DATABASE_URL: url, PARLEY_DATABASE_CONNECTIONS: '3' });
  const { clientId } = (await server.provision()).data;

  // One connection for reads: however many ask at once, all are answered.
  const [reads, writes] = await Promise.all([
    Promise.all(Array.from({ length: 1_000 }, () => server.post(GET, { clientId }))),
    Promise.all(Array.from({ length: 200 }, (_, i) => server.provision({ client: { externalId: 200 + i } }))),
  ]);
  assert.deepEqual(new Set([...reads, ...writes].map(({ status }) => status)), new Set([200]));

  // None at all to be had from the server: refused, and served again as soon as there are.
  const role = `dry_${new URL(url).pathname.slice(-8)}`;
  await queryPostgres(url, `create role ${role} login password 'dry'`);
  for (const kind of ['tables', 'sequences']) await queryPostgres(url, `grant all on all ${kind} in schema public to ${role}`);
  const asRole = new URL(url);
  [asRole.username, asRole.password] = [role, 'dry'];
  const limited = await startTestServer(t, { ...server.settings, PARLEY_DATABASE_URL: asRole.href });
  assert.equal((await limited.provision()).status, 200);
  await queryPostgres(url, `alter role ${role} connection limit 0`);
  await queryPostgres(url, `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`);
  await until('its connections are gone', async () => {
    const [row] = await queryPostgres(url, `select count(*) as n from pg_stat_activity where usename = '${role}'`);
    return row?.n === 0;
  });
  assertUnavailable(await limited.provision());
  assertUnavailable(await limited.post(GET, { clientId }));
  await queryPostgres(url, `alter role ${role} connection limit 5`);
  // Fewer than it may hold: it makes do with them.
  const many = () => Promise.all(Array.from({ length: 100 }, (_, i) => limited.provision({ client: { externalId: 500 + i } })));
  await until('it makes do', async () => (await many()).every(({ status }) => status === 200));
});

test('clocks that disagree by an hour: records are the same, and a token lives by the clock of the node that is asked', async (t) => {
  const left = await startTestServer(t);
  const right = await startTestServer(t, left.settings);
  right.advance(60 * 60 * 1000);
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 ? left : right).provision()));
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
  const { clientId } = (await left.provision()).data;
  for (const [server, other] of [
    [left, right],
    [right, left],
  ] as const) {
    await server.post(DEACTIVATE, { clientId });
    assert.equal((await other.post(GET, { clientId })).headers.get('x-client-status'), 'inactive');
    assert.equal((await other.post('/provisioning/client/reactivate', { clientId })).status, 200);
    assert.equal((await server.post(GET, { clientId })).headers.get('x-client-status'), 'active');
    const changed = await other.provision({ client: { first: `By ${other.url}` } });
    assert.equal(changed.headers.get('x-provision-outcome'), 'updated');
    assert.equal((await server.provision({ client: { first: `By ${other.url}` } })).headers.get('x-provision-outcome'), 'unchanged');
  }
  const { token } = await left.addToken('default', { expiresAt: left.now() + 30 * 60 * 1000 });
  assert.equal((await left.post(GET, { clientId }, { 'X-AUTH-TOKEN': token })).status, 200);
  assert.equal((await right.post(GET, { clientId }, { 'X-AUTH-TOKEN': token })).status, 401);
});

test('G2: the link is lost while a deactivation is on its way: repeated until it is acknowledged, a late one undoes nothing', async (t) => {
  const url = await createTestDatabase();
  const proxy = await FaultProxy.start({ port: Number(new URL(url).port) });
  t.after(() => proxy.stop());
  const cut = await startTestServer(t, { PARLEY_DATABASE_URL: proxy.through(url) });
  const whole = await startTestServer(t, { ...cut.settings, PARLEY_DATABASE_URL: url });
  const { clientId } = (await cut.provision()).data;
  assert.equal((await cut.post(GET, { clientId })).status, 200);
  // It has been read what there is; the change itself waits in the network, and arrives when nobody waits for it any more.
  proxy.breakAt('apply_group', 'drop');
  assertUnavailable(await cut.post(DEACTIVATE, { clientId }));
  assert.equal((await whole.post(DEACTIVATE, { clientId })).status, 200);
  assert.equal((await whole.post('/provisioning/client/reactivate', { clientId })).status, 200);
  proxy.heal();
  await until('the link is back', async () => (await cut.post(GET, { clientId })).status === 200);
  const statuses = await Promise.all(
    [cut, whole].map(async (server) => (await server.post(GET, { clientId })).headers.get('x-client-status')),
  );
  assert.deepEqual(statuses, ['active', 'active']);
});

test('parley doctor on PostgreSQL: sound, and warns of a clock and of settings that would lose acknowledged changes', async (t) => {
  const cluster = await startCluster({ settings: { fsync: 'off' } });
  t.after(() => cluster.remove());
  const server = await startTestServer(t);
  await server.provision();
  const examine = async (settings: Record<string, string>): Promise<Map<string, Finding>> => {
    return new Map((await askDoctor(settings)).map((finding) => [finding.check, finding]));
  };
  const settings = { ...server.settings, PARLEY_PORT: new URL(server.url).port };
  const sound = await examine(settings);
  assert.deepEqual(
    [...sound.values()].filter(({ result }) => result !== 'ok'),
    [],
  );
  assert.match(sound.get('postgresql')?.detail ?? '', /^version \d+/);
  const careless = await startTestServer(t, { PARLEY_DATABASE_URL: await cluster.createDatabase() });
  assert.match((await examine(careless.settings)).get('postgresql')?.detail ?? '', /fsync, .* off: .* Turn all of them on/);

  await server.query('update pg_index set indisvalid = false where indexrelid = $$pass_codes_distinct$$::regclass');
  assert.match((await examine(settings)).get('database')?.detail ?? '', /invalid indexes: 1/);
});
