import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../src/config.ts';
import { Secret } from '../src/domain/secret.ts';
import { openStore } from '../src/store/open-store.ts';
import { rewrapKeys, type WrappedKeys } from '../src/vault/keys.ts';
import { adoptNextKeyFile, makeKeyFile, masterKeyPath, nextMasterKeyPath, readKeyFile } from '../src/vault/master-key.ts';
import { DEACTIVATE, PROVISION, provisionBody } from './support/bodies.ts';
import { ENGINE } from './support/database.ts';
import { runParley, startServerProcess } from './support/process.ts';
import { makeDataDir, post, startTestServer, type TestServer, TEST_TOKEN } from './support/server.ts';
import { until } from './support/until.ts';

const MARKER = 'Marker9Zebra7Quartz';

test('G6: no secret is readable in the database, the WAL, a backup, the log, an error or the metrics', async (t) => {
  const server = await startTestServer(t, { PARLEY_LOG_LEVEL: 'trace' });
  const { data } = await server.provision({ client: { password: MARKER } });
  const made = await server.provision({ client: { externalId: 101 } });
  const otherToken = await server.addTenant('other');
  const refusals = [
    await server.provision({ client: { password: MARKER, email: 'no' } }),
    await server.provision(
      { client: { externalId: 7, password: MARKER, [MARKER]: MARKER } },
      { 'X-AUTH-TOKEN': `${MARKER}-unknown-token` },
    ),
    await server.provision({ company: { externalId: 9 }, client: { password: MARKER } }),
    await server.post(PROVISION, `{"${MARKER}": {"${MARKER}": 1, "${MARKER}": 2}}`),
    await server.post(DEACTIVATE, { clientId: MARKER }),
  ];
  for (const { status } of refusals) assert.ok(status >= 400);

  const secrets = [
    MARKER,
    made.data.password,
    TEST_TOKEN,
    otherToken,
    ...Object.values(data.passCodes),
    ...Object.values(made.data.passCodes),
  ];
  const places: [string, Buffer][] = ENGINE === 'postgres' ? await readPostgresFiles(server) : await readSqliteFiles(server);
  places.push(['log', Buffer.from(server.logged())], ['errors', Buffer.from(refusals.map(({ text }) => text).join())]);
  places.push(['metrics', Buffer.from(await (await fetch(`${server.url}/metrics`)).text())]);
  for (const [name, bytes] of places) {
    for (const secret of secrets) assert.equal(bytes.indexOf(secret), -1, `a secret is readable in ${name}`);
  }
  assert.ok(server.logged().includes('"route":"/provisioning/client/provision"'));
});

async function readSqliteFiles({ dataDir, settings }: TestServer): Promise<[string, Buffer][]> {
  assert.equal((await runParley(['backup', join(dataDir, 'copy.db')], settings)).code, 0);
  const files = readdirSync(dataDir).map((name): [string, Buffer] => [name, readFileSync(join(dataDir, name))]);
  for (const needed of ['parley.db-wal', 'copy.db'])
    assert.ok(
      files.some(([name]) => name === needed),
      `${needed} is searched`,
    );
  return files;
}

/** The tables, the write-ahead log and the cluster's own log, as they lie on the disk. */
async function readPostgresFiles(server: TestServer): Promise<[string, Buffer][]> {
  await server.query('checkpoint');
  const [place] = (await server.query(
    `select current_setting('data_directory') as folder, 'base/' || oid as tables, pg_relation_filepath('clients') as clients
     from pg_database where datname = current_database()`,
  )) as [{ folder: string; tables: string; clients: string }];
  const files = [`${place.folder}/../log`];
  for (const folder of [place.tables, 'pg_wal'])
    for (const entry of readdirSync(join(place.folder, folder), { withFileTypes: true }))
      if (entry.isFile()) files.push(join(place.folder, folder, entry.name));
  assert.ok(readFileSync(join(place.folder, place.clients)).includes('me@example.com'), 'the clients are in what is searched');
  return files.map((path) => [path, readFileSync(path)]);
}

test('G6: sealed values are bound to their row: swapped in the table, they do not open', async (t) => {
  const server = await startTestServer(t);
  await server.provision();
  await server.provision({ client: { externalId: 101 } });
  await server.query(
    'update clients set password_sealed = (select password_sealed from clients where external_id = 101) where external_id = 100',
  );
  const { status, json } = await server.provision();
  assert.equal(status, 500);
  assert.deepEqual(Object.keys(json), ['status', 'code', 'message']);
});

test('secrets print as [redacted] however they are printed', () => {
  const secret = new Secret(MARKER);
  for (const printed of [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect(secret, { showHidden: true, depth: 9 }),
  ]) {
    assert.doesNotMatch(printed, new RegExp(MARKER));
    assert.match(printed, /\[redacted\]/);
  }
});

test('the master key is made at first start, for its owner only', async (t) => {
  const server = await startTestServer(t);
  assert.equal(statSync(masterKeyPath(server.dataDir)).mode & 0o777, 0o600);
});

test('a wrong, malformed or missing master key is one sentence at start', async (t) => {
  const server = await startTestServer(t);
  await server.provision();
  await server.stop();
  const path = masterKeyPath(server.dataDir);
  const settings = { ...server.settings, PARLEY_PORT: '0' };
  const refusal = async (extra: Record<string, string> = {}): Promise<string> => {
    const { code, stderr } = await runParley(['serve'], { ...settings, ...extra });
    assert.equal(code, 1);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    return stderr;
  };
  assert.match(await refusal({ PARLEY_MASTER_KEY: randomBytes(32).toString('base64') }), /not the one that this database was sealed with/);
  assert.match(await refusal({ PARLEY_MASTER_KEY: 'short' }), /PARLEY_MASTER_KEY must hold 32 bytes in base64/);
  renameSync(path, `${path}.away`);
  assert.match(await refusal(), /is missing, and this database is sealed with it/);
  writeFileSync(path, 'garbage\n', { mode: 0o600 });
  assert.match(await refusal(), /must hold 32 bytes in base64/);
  renameSync(`${path}.away`, path);
  const again = await startServerProcess(t, settings);
  assert.equal(await again.end('SIGTERM'), 0);
});

test('parley key rotate makes a new master key under a running server, and the old one no longer opens', async (t) => {
  const server = await startTestServer(t);
  const first = await server.provision();
  const path = masterKeyPath(server.dataDir);
  const old = readFileSync(path, 'utf8');
  const { code, stdout } = await runParley(['key', 'rotate'], server.settings);
  assert.equal(code, 0);
  assert.match(stdout, /^The master key is rotated/);
  assert.notEqual(readFileSync(path, 'utf8'), old);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  await until('the server has noticed', () => server.logged().includes('this node has the new one'));
  assert.equal((await server.provision()).text, first.text);
  await server.stop();

  const restarted = await startTestServer(t, server.settings);
  assert.equal((await restarted.provision()).text, first.text);
  await restarted.stop();
  const refused = await runParley(['serve'], { ...server.settings, PARLEY_PORT: '0', PARLEY_MASTER_KEY: old.trim() });
  assert.match(refused.stderr, /not the one that this database was sealed with/);
});

test('a server that looks while a rotation is about to name its key file knows that the coming key opens', async (t) => {
  const server = await startTestServer(t);
  const old = readKeyFile(masterKeyPath(server.dataDir)) as Uint8Array;
  const next = makeKeyFile(nextMasterKeyPath(server.dataDir));
  const store = await openStore(readConfig(server.settings).database);
  const from = (await store.findKeys()) as WrappedKeys;
  assert.ok(await store.replaceKeys({ from, to: rewrapKeys(old, next, from) }));
  await store.close();
  await until('the server has noticed', () => server.logged().includes('the master key was rotated'));
  assert.match(server.logged(), /this node has the new one/);
});

test('a key that the operator keeps elsewhere is rotated to the one that the operator brings', async (t) => {
  const [old, next] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
  const server = await startTestServer(t, { PARLEY_MASTER_KEY: old });
  const first = await server.provision();
  assert.ok(!readdirSync(server.dataDir).includes('master.key'));
  const settings = { ...server.settings, PARLEY_MASTER_KEY: old };
  assert.match((await runParley(['key', 'rotate'], settings)).stderr, /--new-key-file/);
  const keyFile = join(server.dataDir, 'next.key');
  writeFileSync(keyFile, next);
  assert.equal((await runParley(['key', 'rotate', '--new-key-file', keyFile], settings)).code, 0);
  await server.stop();
  const restarted = await startTestServer(t, { ...server.settings, PARLEY_MASTER_KEY: next });
  assert.equal((await restarted.provision()).text, first.text);
});

test('a rotation that died at any point leaves a database that opens', async (t) => {
  const server = await startTestServer(t);
  const first = await server.provision();
  await server.stop();
  const { dataDir } = server;
  // Died before the database was sealed with the next key: it is a stranger's key, and goes.
  makeKeyFile(nextMasterKeyPath(dataDir));
  const before = await startTestServer(t, server.settings);
  assert.equal((await before.provision()).text, first.text);
  assert.ok(!readdirSync(dataDir).includes('master.key.next'));
  await before.stop();
  // Died after it, before the file got its name: what a rotation leaves is put back to that moment.
  const old = readFileSync(masterKeyPath(dataDir));
  assert.equal((await runParley(['key', 'rotate'], server.settings)).code, 0);
  renameSync(masterKeyPath(dataDir), nextMasterKeyPath(dataDir));
  writeFileSync(masterKeyPath(dataDir), old, { mode: 0o600 });
  const after = await startTestServer(t, server.settings);
  assert.equal((await after.provision()).text, first.text);
  assert.ok(!readdirSync(dataDir).includes('master.key.next'));
  assert.throws(() => adoptNextKeyFile(dataDir));
});

test('PARLEY_MASTER_KEY_FILE and PARLEY_BOOTSTRAP_TOKEN_FILE are read from their files', async (t) => {
  const dataDir = makeDataDir();
  const [keyFile, tokenFile] = [join(dataDir, 'k'), join(dataDir, 't')];
  writeFileSync(keyFile, `${randomBytes(32).toString('base64')}\n`);
  writeFileSync(tokenFile, 'a-token-from-a-file-01\n');
  const server = await startServerProcess(t, {
    PARLEY_DATA_DIR: join(dataDir, 'data'),
    PARLEY_MASTER_KEY_FILE: keyFile,
    PARLEY_BOOTSTRAP_TOKEN_FILE: tokenFile,
  });
  const answer = await post(`${server.url}${PROVISION}`, provisionBody(), { 'X-AUTH-TOKEN': 'a-token-from-a-file-01' });
  assert.equal(answer.status, 200);
  assert.equal(await server.end('SIGTERM'), 0);
  assert.doesNotMatch(server.output().stderr + server.output().stdout, /a-token-from-a-file-01/);
});
