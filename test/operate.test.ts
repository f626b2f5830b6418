import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, copyFileSync, ftruncateSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { SCHEMA_VERSION } from '../src/store/sqlite/migrations.ts';
import { GET, PROVISION, provisionBody } from './support/bodies.ts';
import { runParley, startServerProcess } from './support/process.ts';
import { makeDataDir, post, startTestServer, TEST_TOKEN } from './support/server.ts';

test('the first start prints a token and a curl that works when pasted, twice with the same answer, and later starts print neither', async (t) => {
  const dataDir = makeDataDir();
  const first = await startServerProcess(t, { PARLEY_DATA_DIR: dataDir });
  while (!first.output().stderr.includes('The API:')) await once(first.child.stderr as NodeJS.ReadableStream, 'data');
  const curl = /^curl [^]*?'\n(?=\n)/m.exec(first.output().stderr)?.[0] as string;
  const answers = await Promise.all([1, 2].map(() => shell(curl)));
  assert.equal(JSON.parse(answers[0] as string).status, 'success');
  assert.equal(answers[0], answers[1]);
  assert.equal(await first.end('SIGTERM'), 0);
  const second = await startServerProcess(t, { PARLEY_DATA_DIR: dataDir });
  assert.equal(await second.end('SIGTERM'), 0);
  assert.equal(second.output().stderr, '');
});

async function shell(command: string): Promise<string> {
  return new Promise((resolve, reject) => execFile('sh', ['-c', command], (error, stdout) => (error ? reject(error) : resolve(stdout))));
}

test('a first start that fails keeps no token from the next one', async (t) => {
  const [taken, dataDir] = [await startTestServer(t), makeDataDir()];
  const failed = await runParley(['serve'], { PARLEY_DATA_DIR: dataDir, PARLEY_PORT: new URL(taken.url).port });
  assert.equal(failed.code, 1);
  const server = await startServerProcess(t, { PARLEY_DATA_DIR: dataDir });
  while (!server.output().stderr.includes('Your API token')) await once(server.child.stderr as NodeJS.ReadableStream, 'data');
});

test('what stops a start is one sentence that says what to do, and exit code 1', async (t) => {
  const server = await startTestServer(t);
  const { dataDir } = server;
  const fresh = (): string => makeDataDir();
  const port = new URL(server.url).port;

  const corrupt = fresh();
  writeFileSync(join(corrupt, 'parley.db'), 'this is not a database, and long enough to look like one '.repeat(40));
  const foreign = fresh();
  const other = new DatabaseSync(join(foreign, 'parley.db'));
  other.exec('create table theirs (a)');
  other.close();
  const future = fresh();
  copyFileSync(await stoppedDatabase(t), join(future, 'parley.db'));
  const newer = new DatabaseSync(join(future, 'parley.db'));
  newer.exec('pragma user_version = 999');
  newer.close();
  const truncated = fresh();
  copyFileSync(await stoppedDatabase(t), join(truncated, 'parley.db'));
  const file = openSync(join(truncated, 'parley.db'), 'r+');
  ftruncateSync(file, 3 * 4096);
  closeSync(file);
  const blocked = join(fresh(), 'file');
  writeFileSync(blocked, '');

  const cases: [Record<string, string>, RegExp][] = [
    [{ PARLEY_DATA_DIR: dataDir }, /^Another Parley server has .* open\. Stop it first/],
    [
      { PARLEY_DATA_DIR: fresh(), PARLEY_PORT: port },
      new RegExp(`^Port ${port} on 127.0.0.1 is in use\\. Stop what uses it, or set PARLEY_PORT\\.`),
    ],
    [{ PARLEY_DATA_DIR: fresh(), PARLEY_HOST: '203.0.113.1' }, /^Parley cannot listen on 203\.0\.113\.1:0: .*Check PARLEY_HOST/],
    [{ PARLEY_DATA_DIR: corrupt }, /is damaged\. Nothing was changed; restore the latest backup/],
    [{ PARLEY_DATA_DIR: truncated }, /is damaged\. Nothing was changed; restore the latest backup/],
    [{ PARLEY_DATA_DIR: foreign }, /^This SQLite file is not a Parley database/],
    [{ PARLEY_DATA_DIR: future }, /made by a newer version\. Upgrade Parley/],
    [{ PARLEY_DATA_DIR: join(blocked, 'data') }, /^The directory .* cannot be made \(ENOTDIR\)\. Make it, or set PARLEY_DATA_DIR/],
    [{ PARLEY_PROT: '1' }, /^PARLEY_PROT is not a setting\. Did you mean PARLEY_PORT\?/],
    [{ PARLEY_WHATEVER_ELSE: '1' }, /^PARLEY_WHATEVER_ELSE is not a setting\. See docs\/configuration\.md/],
    [{ PARLEY_PORT: '80 80' }, /^PARLEY_PORT must be a whole number from 0 to 65535/],
    [{ PARLEY_PORT: '65536' }, /^PARLEY_PORT must be a whole number from 0 to 65535/],
    [{ PARLEY_LOG_LEVEL: 'loud' }, /^PARLEY_LOG_LEVEL must be one of fatal, error/],
    [{ PARLEY_BASE_DOMAIN: 'not a domain' }, /^PARLEY_BASE_DOMAIN must be a domain name/],
    [{ PARLEY_DATABASE_URL: 'mysql://x' }, /^PARLEY_DATABASE_URL must be sqlite:/],
    [{ PARLEY_BOOTSTRAP_TOKEN: 'too-short' }, /^PARLEY_BOOTSTRAP_TOKEN must have 20 to 256/],
    [{ PARLEY_MASTER_KEY_FILE: '/nowhere/key' }, /^PARLEY_MASTER_KEY_FILE names \/nowhere\/key, which cannot be read: ENOENT/],
    [{ PARLEY_MASTER_KEY: 'a', PARLEY_MASTER_KEY_FILE: blocked }, /Set PARLEY_MASTER_KEY or PARLEY_MASTER_KEY_FILE, not both/],
  ];
  for (const [settings, sentence] of cases) {
    const { code, stderr } = await runParley(['serve'], { PARLEY_PORT: '0', PARLEY_DATA_DIR: fresh(), ...settings });
    assert.equal(code, 1, JSON.stringify(settings));
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /\n\s+at /);
  }
  const both = await runParley(['serve'], { PARLEY_PORT: 'x', PARLEY_LOG_LEVEL: 'x' });
  assert.equal(both.stderr.trim().split('\n').length, 2, 'every bad setting has its sentence');
});

async function stoppedDatabase(t: Parameters<typeof startTestServer>[0]): Promise<string> {
  const server = await startTestServer(t);
  await server.provision();
  await server.stop();
  return server.databasePath;
}

test('two starts at once make one database: one serves, the other says that it is taken', async (t) => {
  const dataDir = makeDataDir();
  const settings = { PARLEY_DATA_DIR: dataDir, PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN };
  const starts = await Promise.allSettled(Array.from({ length: 4 }, () => startServerProcess(t, settings)));
  const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const refused = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []));
  for (const reason of refused) assert.match(reason, /Another Parley server has/);
  assert.equal(running.length, 1);
  const answer = await post(`${running[0]?.url}${PROVISION}`, provisionBody(), { 'X-AUTH-TOKEN': TEST_TOKEN });
  assert.equal(answer.status, 200);
  assert.equal(await running[0]?.end('SIGTERM'), 0);
});

test('processes that migrate a new database at the same moment take turns', async () => {
  const dataDir = makeDataDir();
  writeFileSync(join(dataDir, 'parley.db'), '');
  const runs = await Promise.all(Array.from({ length: 4 }, () => runParley(['migrate', '--json'], { PARLEY_DATA_DIR: dataDir })));
  for (const { code, stdout, stderr } of runs)
    assert.deepEqual([code, stderr, JSON.parse(stdout)], [0, '', { schemaVersion: SCHEMA_VERSION }]);
});

test('SIGTERM: what was accepted is answered, new requests are refused with 503, and the exit code is 0', async (t) => {
  const settings = { PARLEY_DATA_DIR: makeDataDir(), PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN };
  const server = await startServerProcess(t, settings);
  const { hostname, port } = new URL(server.url);
  const body = JSON.stringify(provisionBody());
  const head = `POST ${PROVISION} HTTP/1.1\r\nHost: x\r\nX-AUTH-TOKEN: ${TEST_TOKEN}\r\nContent-Length: ${body.length}\r\n\r\n`;
  const accepted = connect(Number(port), hostname);
  const late = connect(Number(port), hostname);
  accepted.write(head + body.slice(0, 20));
  late.write(head.slice(0, 20));
  // The head has arrived when the metric says that it is in flight beside the one that asks.
  while (!/parley_http_requests_in_flight 2/.test(await (await fetch(`${server.url}/metrics`)).text()));

  const ended = server.end('SIGTERM');
  while (!server.output().stdout.includes('"msg":"stopping"')) await once(server.child.stdout as NodeJS.ReadableStream, 'data');
  late.write(head.slice(20) + body);
  const refusal = String((await once(late, 'data'))[0]);
  assert.match(refusal, /^HTTP\/1\.1 503 /);
  assert.match(refusal, /"code":"STOPPING"/);
  assert.match(refusal, /retry-after: 1\r\n/);
  assert.match(refusal, /connection: close\r\n/i);
  accepted.write(body.slice(20));
  const answer = String((await once(accepted, 'data'))[0]);
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.match(answer, /"status":"success"/);
  assert.equal(await ended, 0);
  assert.match(server.output().stdout, /"msg":"stopped"/);
});

test('the same signal sent twice is one stop; another one later exits at once', async (t) => {
  const settings = { PARLEY_DATA_DIR: makeDataDir(), PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN };
  const twice = await startServerProcess(t, settings);
  twice.child.kill('SIGTERM');
  assert.equal(await twice.end('SIGINT'), 0);

  const server = await startServerProcess(t, settings);
  const { hostname, port } = new URL(server.url);
  const stuck = connect(Number(port), hostname).on('error', () => {});
  stuck.write(`POST ${PROVISION} HTTP/1.1\r\nHost: x\r\nX-AUTH-TOKEN: ${TEST_TOKEN}\r\nContent-Length: 100\r\n\r\n{`);
  while (!/parley_http_requests_in_flight 2/.test(await (await fetch(`${server.url}/metrics`)).text()));
  server.child.kill('SIGTERM');
  await delay(1_100);
  assert.equal(await server.end('SIGTERM'), 1);
});

test('a request that never ends holds up a stop for as long as the setting says, and no longer', async (t) => {
  const server = await startServerProcess(t, {
    PARLEY_DATA_DIR: makeDataDir(),
    PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN,
    PARLEY_SHUTDOWN_TIMEOUT_MS: '300',
  });
  const { hostname, port } = new URL(server.url);
  const stuck = connect(Number(port), hostname).on('error', () => {});
  stuck.write(`POST ${PROVISION} HTTP/1.1\r\nHost: x\r\nX-AUTH-TOKEN: ${TEST_TOKEN}\r\nContent-Length: 100\r\n\r\n{`);
  while (!/parley_http_requests_in_flight 2/.test(await (await fetch(`${server.url}/metrics`)).text()));
  assert.equal(await server.end('SIGTERM'), 0);
});

test('C29: a disk that is full answers 503 with Retry-After, loses nothing, and the server goes on when there is room', async (t) => {
  const dataDir = makeDataDir();
  // A limit on the size of files stands in for the disk; SIGXFSZ is ignored, so that a write fails as it does on a full disk.
  const server = await startServerProcess(t, { PARLEY_DATA_DIR: dataDir, PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN }, (argv) => [
    'sh',
    '-c',
    `trap '' XFSZ; ulimit -S -f 2048; exec "$@"`,
    'sh',
    ...argv,
  ]);
  const provision = (externalId: number) =>
    post(`${server.url}${PROVISION}`, provisionBody({ company: { externalId }, client: { externalId } }), { 'X-AUTH-TOKEN': TEST_TOKEN });
  const acknowledged = new Map<number, string>();
  let refused: Awaited<ReturnType<typeof post>> | undefined;
  for (let first = 1; refused === undefined && first < 20_000; first += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, async (_, i) => [first + i, await provision(first + i)] as const));
    for (const [externalId, answer] of answers) {
      if (answer.status === 200) acknowledged.set(externalId, answer.text);
      else refused = answer;
    }
  }
  assert.equal(refused?.status, 503);
  assert.deepEqual(refused?.json, {
    status: 'error',
    code: 'STORE_UNAVAILABLE',
    message: 'The store cannot take this now. Repeat the same request: repeating is safe.',
  });
  assert.equal(refused?.headers.get('retry-after'), '2');
  for (const [externalId, text] of [...acknowledged].slice(-100))
    assert.equal((await provision(externalId)).text, text, 'repeats are answered from a full disk too');

  await shell(`prlimit --pid ${server.pid} --fsize=unlimited`);
  assert.equal((await provision(1_000_000)).status, 200);
  for (const [externalId, text] of acknowledged) assert.equal((await provision(externalId)).text, text);
  assert.equal(await server.end('SIGTERM'), 0);
  t.diagnostic(`${acknowledged.size} provisions acknowledged before the disk was full, 0 lost`);
});

test('C29: more requests under way than the cap are refused with 503 and Retry-After', async (t) => {
  const server = await startTestServer(t, { PARLEY_MAX_IN_FLIGHT: '1', PARLEY_SHUTDOWN_TIMEOUT_MS: '100' });
  const { hostname, port } = new URL(server.url);
  const held = connect(Number(port), hostname);
  t.after(() => held.destroy());
  held.write(`POST ${PROVISION} HTTP/1.1\r\nHost: x\r\nX-AUTH-TOKEN: ${TEST_TOKEN}\r\nContent-Length: 100\r\n\r\n{`);
  let answer = await server.post(GET, { clientId: 1 });
  while (answer.status !== 503) answer = await server.post(GET, { clientId: 1 });
  assert.equal(answer.json.code, 'OVERLOADED');
  assert.equal(answer.headers.get('retry-after'), '1');
});

test('a backup taken while provisions run is whole, verified, and opens with the same key', async (t) => {
  const server = await startTestServer(t);
  const before = await server.provision();
  let running = true;
  const load = (async () => {
    for (let i = 1; running; i += 20)
      await Promise.all(Array.from({ length: 20 }, (_, j) => server.provision({ client: { externalId: 1_000 + i + j } })));
  })();
  const copyDir = makeDataDir();
  const copy = join(copyDir, 'parley.db');
  const { code, stdout, stderr } = await runParley(['backup', copy, '--json'], server.settings);
  running = false;
  await load;
  assert.equal(code, 0, stderr);
  assert.ok(JSON.parse(stdout).clients >= 1);
  assert.match((await runParley(['backup', copy], server.settings)).stderr, /exists already/);

  copyFileSync(join(server.dataDir, 'master.key'), join(copyDir, 'master.key'));
  const restored = await startTestServer(t, { PARLEY_DATA_DIR: copyDir });
  assert.equal((await restored.provision()).text, before.text);
  assert.equal((await restored.query('select count(*) as n from clients'))[0]?.n, JSON.parse(stdout).clients);
});

test('parley doctor finds a sound installation sound, and says what is wrong with one that is not', async (t) => {
  const server = await startTestServer(t);
  await server.provision();
  const settings = { ...server.settings, PARLEY_PORT: new URL(server.url).port };
  const sound = await runParley(['doctor', '--json'], settings);
  assert.equal(sound.code, 0);
  const findings = JSON.parse(sound.stdout) as { check: string; result: string; detail: string }[];
  assert.deepEqual(
    findings.filter(({ result }) => result === 'problem'),
    [],
  );
  assert.equal(findings.find(({ check }) => check === 'server')?.result, 'ok');
  assert.match((await runParley(['doctor'], settings)).stdout, /✓ database {4}sound: 1 tenants, 1 companies, 1 clients/);
  await server.stop();

  chmodSync(join(server.dataDir, 'master.key'), 0o644);
  const file = openSync(server.databasePath, 'r+');
  writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, 3 * 4096);
  closeSync(file);
  const sick = await runParley(['doctor'], settings);
  assert.equal(sick.code, 1);
  assert.match(sick.stdout, /✗ key file {4}Others may read .* Run: chmod 600/);
  assert.match(sick.stdout, /✗ database/);
  assert.match(sick.stdout, /! server {6}No server has this database open/);
});

test('probes and metrics: live, ready, and what an operator watches', async (t) => {
  const server = await startTestServer(t);
  await server.provision();
  await server.post(GET, { clientId: 1 });
  for (const [path, body] of [
    ['/healthz', '{"status":"ok"}'],
    ['/readyz', '{"status":"ready"}'],
  ]) {
    const answer = await fetch(`${server.url}${path}`);
    assert.deepEqual([answer.status, await answer.text()], [200, body]);
  }
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  for (const line of [
    /^parley_http_requests_total\{route="\/provisioning\/client\/provision",status="200"\} 1$/m,
    /^parley_http_request_duration_seconds_count\{route="\/client\/get"\} 1$/m,
    /^parley_failures_total\{code="CLIENT_NOT_FOUND"\} 1$/m,
    /^parley_provisions_total\{outcome="created"\} 1$/m,
    /^parley_store_group_size_count [1-9]/m,
    /^parley_store_queue_length 0$/m,
    /^parley_pass_codes 2$/m,
    /^parley_pass_code_pool_density 2\.2\d*e-10$/m,
    /^process_resident_memory_bytes \d+$/m,
  ])
    assert.match(metrics, line);
});

test('the log: one JSON line for each request, with its id and outcome', async (t) => {
  const server = await startTestServer(t);
  await server.provision({}, { 'X-Request-Id': 'my-request-1' });
  const deadline = Date.now() + 5_000;
  while (!server.logged().includes('my-request-1') && Date.now() < deadline) await delay(5);
  const line = server
    .logged()
    .split('\n')
    .find((one) => one.includes('my-request-1')) as string;
  const { level, time, elapsedMs, ...rest } = JSON.parse(line);
  assert.deepEqual(rest, {
    service: 'parley',
    requestId: 'my-request-1',
    method: 'POST',
    route: PROVISION,
    status: 200,
    tenantId: 1,
    tokenId: 1,
    msg: 'request',
  });
  assert.ok(level === 30 && time > 0 && elapsedMs > 0);
});

test('the data directory is for its owner', async (t) => {
  const dataDir = join(makeDataDir(), 'data');
  const server = await startTestServer(t, { PARLEY_DATA_DIR: dataDir });
  await server.provision();
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
});
