import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEACTIVATE, GET, REACTIVATE } from '../support/bodies.ts';
import { startCluster } from '../support/cluster.ts';
import { createTestDatabase, queryPostgres } from '../support/database.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import { runParley } from '../support/process.ts';
import { makeDataDir, startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

test('TLS: sslmode as libpq has it, and a server that cannot prove who it is gets no password', async (t) => {
  const cluster = await startCluster({ tls: true });
  t.after(() => cluster.remove());
  const [dataDir, database] = [makeDataDir(), new URL(await cluster.createDatabase())];
  const ca = join(dataDir, 'ca.crt');
  copyFileSync(join(cluster.dataDir, 'ca.crt'), ca);
  database.search = '';
  const at = (host: string, query: string): string => {
    const url = new URL(database);
    [url.hostname, url.search] = [host, query];
    return url.href;
  };
  const serve = (PARLEY_DATABASE_URL: string) => runParley(['serve'], { PARLEY_DATA_DIR: dataDir, PARLEY_PORT: '0', PARLEY_DATABASE_URL });

  const server = await startTestServer(t, {
    PARLEY_DATA_DIR: dataDir,
    PARLEY_DATABASE_URL: at('localhost', `sslmode=verify-full&sslrootcert=${ca}`),
  });
  assert.equal((await server.provision()).status, 200);
  const sessions = await queryPostgres(
    cluster.url,
    `select distinct ssl from pg_stat_ssl join pg_stat_activity using (pid) where usename = 'parley' and datname = '${database.pathname.slice(1)}'`,
  );
  assert.deepEqual(sessions, [{ ssl: 1 }]);
  await server.stop();

  const encrypted = await startTestServer(t, { PARLEY_DATA_DIR: dataDir, PARLEY_DATABASE_URL: at('127.0.0.1', 'sslmode=require') });
  assert.equal((await encrypted.provision()).status, 200);
  await encrypted.stop();

  for (const [url, sentence] of [
    [at('127.0.0.1', `sslmode=verify-full&sslrootcert=${ca}`), /cannot be reached: .*(altnames|cert)/],
    [at('localhost', 'sslmode=verify-full'), /cannot be reached: .*certificate/],
    [at('localhost', `sslmode=verify-full&sslrootcert=${ca}.missing`), /PARLEY_DATABASE_URL: .*no such file/],
    [at('localhost', 'sslmode=disable'), /no encryption/],
  ] as const) {
    const { code, stderr } = await serve(url);
    assert.equal(code, 1);
    assert.match(stderr, sentence);
    assert.equal(stderr.trim().split('\n').length, 1);
  }
});

test('PgBouncer in transaction mode: two nodes behind it keep every promise, and a revocation is seen within a second', async (t) => {
  const direct = await createTestDatabase();
  const url = await startPgBouncer(t, direct);
  const left = await startTestServer(t, { PARLEY_DATABASE_URL: url });
  const right = await startTestServer(t, left.settings);
  const nodes = [left, right];
  const raced = await Promise.all(Array.from({ length: 500 }, (_, i) => (nodes[i % 2] as typeof left).provision()));
  assert.equal(new Set(raced.map(({ text }) => text)).size, 1);
  assert.equal(raced.filter(({ headers }) => headers.get('x-provision-outcome') === 'created').length, 1);

  const many = await Promise.all(
    Array.from({ length: 300 }, (_, i) =>
      (nodes[i % 2] as typeof left).provision({ company: { externalId: 1 + (i % 7) }, client: { externalId: 200 + i } }),
    ),
  );
  assert.deepEqual(new Set(many.map(({ status }) => status)), new Set([200]));
  assert.deepEqual(await queryPostgres(direct, 'select count(*) as clients from clients'), [{ clients: 301 }]);
  await Promise.all(
    many.map(async ({ data: { clientId } }, i) => {
      const [here, there] = i % 2 ? [left, right] : [right, left];
      assert.equal((await here.post(DEACTIVATE, { clientId })).status, 200);
      assert.equal((await there.post(GET, { clientId })).headers.get('x-client-status'), 'inactive');
      assert.equal((await there.post(REACTIVATE, { clientId })).status, 200);
    }),
  );

  const { token, tokenId } = await left.addToken('default');
  const statuses = () => Promise.all(nodes.map(async (node) => (await node.post(GET, { clientId: 1 }, { 'X-AUTH-TOKEN': token })).status));
  assert.deepEqual(await statuses(), [404, 404]);
  assert.equal((await runParley(['token', 'revoke', `${tokenId}`], left.settings)).code, 0);
  await until('neither takes the token', async () => (await statuses()).every((status) => status === 401), { withinMs: 1_000 });
});
