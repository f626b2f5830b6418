import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { STATUS } from '../../src/http/errors.ts';
import { CONTRACT_ROUTES } from '../../src/http/routes.ts';
import { DEACTIVATE, GET, PROVISION, provisionBody, SIGN_ON } from '../support/bodies.ts';
import { withDatabase } from '../support/cluster.ts';
import { createTestDatabase, queryPostgres } from '../support/database.ts';
import { Ledger } from '../support/ledger.ts';
import { postWithTls, startNginx } from '../support/nginx.ts';
import { killAndRestart, type Node, startNodes } from '../support/nodes.ts';
import { environmentWith, runParley } from '../support/process.ts';
import { findPostgres } from '../support/programs.ts';
import { exchange } from '../support/raw-http.ts';
import { Visitor } from '../support/pages.ts';
import { callsAt, makeDataDir, post, readAnswer, startTestServer, TEST_TOKEN } from '../support/server.ts';
import { until } from '../support/until.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const CALLERS = 16;
const NOWHERE = ['http://127.0.0.1:1', 'http://127.0.0.1:2', 'http://127.0.0.1:3'];

async function startThree(t: TestContext): Promise<[Node, Node, Node]> {
  const url = await createTestDatabase();
  const nodes = (await startNodes(t, [url, url, url])) as [Node, Node, Node];
  // Each comes back where nginx knows it.
  for (const { process, settings } of nodes) settings.PARLEY_PORT = new URL(process.url).port;
  return nodes;
}

const urlsOf = (nodes: readonly Node[]): string[] => nodes.map(({ process }) => process.url);

test('nginx spreads the contract over three nodes, each caller sees what another did, and a request id is one in every log', async (t) => {
  const nodes = await startThree(t);
  const nginx = await startNginx(t, urlsOf(nodes));
  const calls = callsAt(nginx.url);

  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) => calls.provision({ client: { externalId: 1 + (i % 20) } }, { 'X-Request-Id': `caller:${i}` })),
  );
  answers.forEach(({ status, text, headers }, i) => {
    assert.deepEqual([status, text, headers.get('x-request-id')], [200, answers[i % 20]?.text, `caller:${i}`]);
  });
  const findLogged = (id: string | null) => nginx.logged().find(({ requestId }) => requestId === id);
  for (const { process } of nodes) assert.ok(nginx.triesAt(process.url).length > 0, process.url);
  await until('nginx has logged it', () => findLogged('caller:0') !== undefined);
  const served = nodes.find(({ process }) => new URL(process.url).host === findLogged('caller:0')?.node) as Node;
  await until('the node has logged it', () => served.process.output().stdout.includes('"requestId":"caller:0"'));

  const { clientId } = (answers[0] as (typeof answers)[0]).data;
  assert.equal((await calls.post(DEACTIVATE, { clientId })).status, 200);
  for (const at of [...nodes.map((node) => node.calls), calls])
    assert.equal((await at.post(GET, { clientId })).headers.get('x-client-status'), 'inactive');

  for (const insane of ['', 'two words', 'x'.repeat(129)]) {
    const answer = await calls.post(GET, { clientId }, { 'X-Request-Id': insane });
    const made = answer.headers.get('x-request-id');
    assert.match(made ?? '', /^[0-9a-f]{32}$/);
    await until('nginx has logged it', () => findLogged(made) !== undefined);
  }
});

test('nginx lets through the paths of the contract alone, and refuses in the words of a node', async (t) => {
  const node = await startTestServer(t);
  const nginx = await startNginx(t, [node.url, node.url, node.url]);
  const calls = callsAt(nginx.url);
  for (const { path } of CONTRACT_ROUTES) {
    for (const written of [path, `${path}/`, `${path}?a=b`]) {
      assert.equal((await post(`${nginx.url}${written}`, {})).json.code, 'UNAUTHORIZED', written);
      assert.equal((await fetch(`${nginx.url}${written}`)).headers.get('allow'), 'POST', written);
    }
  }
  const token = `X-AUTH-TOKEN: ${TEST_TOKEN}\r\n`;
  const twice = `POST ${GET} HTTP/1.1\r\nHost: x\r\n${token}${token}`;
  assert.equal((await exchange(nginx.url, { bytes: `${twice}Content-Length: 2\r\n\r\n{}` }))?.status, 401);

  const nothing = await calls.post('/nowhere', {});
  assert.deepEqual(nothing.json, (await node.post('/nowhere', {})).json);
  for (const path of [
    '/guides',
    '/metrics',
    '/docs',
    '/docs/',
    '/openapi.json',
    '/healthz',
    '/readyz',
    '/client',
    `${GET}/../../metrics`,
  ]) {
    const bytes = `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const answer = await exchange(nginx.url, { bytes });
    assert.deepEqual([answer?.status, answer?.text], [404, nothing.text], path);
    assert.equal(answer?.headers.get('content-type'), 'application/json');
  }
  const asked = await post(`${nginx.url}/admission/json/k/${TEST_TOKEN}`, { callId: 'a' });
  assert.equal(asked.json.action, 'request_pass_code');
  await until('nginx has logged it', () => nginx.logged().some(({ request }) => request.includes('/admission/json/k/...')));
  assert.ok(!JSON.stringify(nginx.logged()).includes(TEST_TOKEN));
  const { data } = await calls.provision();
  const { hubUrl } = data.hub;
  const pageAt = async (host: string, path: string) =>
    exchange(nginx.url, { bytes: `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/html\r\n\r\n` });
  for (const page of [await pageAt(hubUrl, '/'), await pageAt('x', `/hub/${hubUrl}`)]) {
    assert.equal(page?.status, 200);
    assert.match(page?.text ?? '', /<h1>Company name<\/h1>/i);
  }
  const inside = await pageAt('parley.example.com', '/');
  assert.ok(inside?.status === 404 && !inside.text.includes('version'));
  const number = await fetch(`${nginx.url}/v1/access-numbers/%2B15145550100`, {
    method: 'DELETE',
    headers: { 'X-AUTH-TOKEN': TEST_TOKEN },
  });
  assert.equal(((await number.json()) as { code: string }).code, 'ACCESS_NUMBER_NOT_FOUND');
  const found = await fetch(`${nginx.url}/v1/clients?email=ME@example.com&limit=1`, { headers: { 'X-AUTH-TOKEN': TEST_TOKEN } });
  assert.equal(((await found.json()) as { items: { clientId: number }[] }).items[0]?.clientId, data.clientId);
  const stream = await fetch(`${nginx.url}/v1/events/stream?after=evt_0`, { headers: { 'X-AUTH-TOKEN': TEST_TOKEN } });
  const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
  let streamed = '';
  while (!streamed.includes('client.provisioned')) streamed += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  const link = new URL((await calls.post(SIGN_ON, { clientId: data.clientId })).json.data.url);
  const host = new Visitor(nginx, link.host);
  assert.match((await host.open(`${link.pathname}${link.search}`)).text, /<h1>Welcome, /);
  assert.equal(
    (await new Visitor(nginx, link.host).open(`${link.pathname}${link.search}`)).status,
    403,
    'a link works once, through nginx too',
  );
  assert.match((await host.open('/host?lang=fr')).text, /<h1>Bienvenue, /);
  assert.equal((await host.open('/host/invitation.ics?start=2026-12-01T10:00&minutes=30&zone=UTC')).status, 200);
  await host.submit('/sign-out', {});
  const slug = link.host.split('.')[0] as string;
  for (const [at, path] of [
    [link.host, '/sign-in'],
    [link.host, `/hub/${link.host}/sign-in`],
    ['localhost', `/hub/${slug}/sign-in`],
  ] as const) {
    const signedIn = await new Visitor(nginx, at).submit(path, { login: String(data.clientId), password: data.password });
    assert.match(signedIn.text, /<h1>Welcome, /, `${at}${path}`);
  }
  await until('nginx has logged it', () => nginx.logged().some(({ request }) => request === 'GET /signon'));
  assert.ok(!JSON.stringify(nginx.logged()).includes('token='));

  // What leads to a call on one reading and to the reference page on another is the call on both.
  const twofold = `POST /docs/static/../..${GET} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`;
  assert.equal((await exchange(nginx.url, { bytes: twofold }))?.status, 401);

  const [largest, tooLarge] = [' '.repeat(262_144), ' '.repeat(262_145)];
  assert.equal((await calls.post(PROVISION, largest)).json.code, 'INVALID_JSON');
  const [refused, refusedByNode] = [await calls.post(PROVISION, tooLarge), await node.post(PROVISION, tooLarge)];
  assert.deepEqual([refused.status, refused.json], [refusedByNode.status, refusedByNode.json]);
});

test('under load one node is killed with -9 and another is stopped and started, and no caller gets an error', async (t) => {
  const nodes = await startThree(t);
  const [killed, stopped] = nodes;
  const nginx = await startNginx(t, urlsOf(nodes));
  const ledger = new Ledger();
  let isOver = false;
  let calls = 0;
  const pickUrl = (): string => {
    calls++;
    return nginx.url;
  };
  const load = Promise.all(Array.from({ length: CALLERS }, (_, i) => ledger.callRepeatedly(i, pickUrl, () => isOver)));
  const furtherCalls = async (n: number): Promise<void> => {
    const enough = calls + n;
    await until(`${n} more calls`, () => calls >= enough, { withinMs: 60_000 });
  };
  const isServing = async ({ process }: Node): Promise<boolean> =>
    (await (await fetch(`${process.url}/metrics`)).text()).includes(`parley_http_requests_total{route="${PROVISION}"`);
  try {
    await furtherCalls(300);
    await killed.process.end('SIGKILL');
    await furtherCalls(600);
    await killAndRestart(t, killed);
    await until('the killed node has work again', () => isServing(killed));

    assert.equal(await stopped.process.end('SIGTERM'), 0);
    await furtherCalls(600);
    await killAndRestart(t, stopped);
    await until('the stopped node has work again', () => isServing(stopped));
  } finally {
    isOver = true;
    await load;
  }

  assert.deepEqual([ledger.refused, ledger.cutOff], [0, 0]);
  assert.ok(nginx.triesAt(killed.process.url).includes('502'), 'some calls were passed on from the killed node');
  assert.deepEqual(new Set(nginx.logged().map(({ status }) => status)), new Set([200, 404]));
  await ledger.check(urlsOf(nodes));
  t.diagnostic(`${calls} calls through a kill -9 and a stop: no error`);
});

test('a node that is stopping answers 503 until it has gone, and nginx passes its calls on', async (t) => {
  const nodes = await startThree(t);
  const [stopping] = nodes;
  const nginx = await startNginx(t, urlsOf(nodes));
  const calls = callsAt(nginx.url);
  assert.equal((await calls.provision()).status, 200);
  const provisionAll = (from: number) =>
    Promise.all(Array.from({ length: CALLERS }, (_, i) => calls.provision({ client: { externalId: from + i } })));

  // A request that has arrived in part keeps the node from going, and a lock keeps calls under way while it begins to.
  const accepted = await sendHalf(stopping.process.url);
  const release = await lockCompanies(stopping.settings.PARLEY_DATABASE_URL as string);
  const held = provisionAll(1_000);
  await until('calls are under way', async () => (await inFlight(stopping)) > 2);
  const ended = stopping.process.end('SIGTERM');
  await until('it is stopping', () => stopping.process.output().stdout.includes('"msg":"stopping"'));
  await release();
  for (const { status } of await held) assert.equal(status, 200);

  // For two seconds after a call that broke off there nginx does not try it at all.
  await until('a call was refused by it', async () => {
    for (const { status } of await provisionAll(2_000)) assert.equal(status, 200);
    return nginx.triesAt(stopping.process.url).includes('503');
  });
  assert.match(await accepted.finish(), /^HTTP\/1\.1 200 /);
  assert.equal(await ended, 0);
});

/** With the one that asks. */
async function inFlight({ process }: Node): Promise<number> {
  const metrics = await (await fetch(`${process.url}/metrics`)).text();
  return Number(/^parley_http_requests_in_flight (\d+)/m.exec(metrics)?.[1]);
}

async function sendHalf(url: string): Promise<{ finish(): Promise<string> }> {
  const { hostname, port } = new URL(url);
  const body = JSON.stringify(provisionBody());
  const socket = connect(Number(port), hostname);
  socket.write(`POST ${PROVISION} HTTP/1.1\r\nHost: x\r\nX-AUTH-TOKEN: ${TEST_TOKEN}\r\nContent-Length: ${body.length}\r\n\r\n{`);
  await once(socket, 'connect');
  return {
    async finish() {
      socket.write(body.slice(1));
      return String((await once(socket, 'data'))[0]);
    },
  };
}

/** As somebody else's transaction would; what it returns ends that. */
async function lockCompanies(url: string): Promise<() => Promise<void>> {
  const client = new Client(url);
  await client.connect();
  await client.query('begin; select from companies for update');
  return () => client.end();
}

test('nginx: with TLS the example works as well; where no node answers, the caller is told to repeat', async (t) => {
  const nginx = await startNginx(t, NOWHERE, { tls: true });
  const answer = await readAnswer(await postWithTls(nginx, GET));
  assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/);
  const { status, code } = answer.json as { status: string; code: keyof typeof STATUS };
  assert.deepEqual([answer.status, status, STATUS[code]], [503, 'error', 503]);
});

test('a restored dump gives the same answers, byte for byte, and no id a second time', async (t) => {
  const url = await createTestDatabase();
  const before = await startTestServer(t, { PARLEY_DATABASE_URL: url });
  const provision = (server: typeof before, externalId: number) => server.provision({ client: { externalId } });
  const dumped = await Promise.all([1, 2, 3].map((externalId) => provision(before, externalId)));
  const inactive = { clientId: (dumped[0] as (typeof dumped)[0]).data.clientId };
  assert.equal((await before.post(DEACTIVATE, inactive)).status, 200);

  const { dump, restore, skipIds } = readBackUpCommands();
  const copy = `test_${randomBytes(8).toString('hex')}`;
  const file = join(makeDataDir(), 'parley.dump');
  await asOperator(dump, { database: new URL(url).pathname.slice(1), file });
  const lost = await provision(before, 4);
  await before.stop();
  await asOperator(restore, { database: copy, file });
  const restored = withDatabase(url, copy);
  await queryPostgres(restored, skipIds);

  const settings = { PARLEY_DATA_DIR: before.dataDir, PARLEY_DATABASE_URL: restored };
  const after = await startTestServer(t, settings);
  for (const [i, answer] of dumped.entries()) assert.equal((await provision(after, i + 1)).text, answer.text);
  assert.equal((await after.post(GET, inactive)).headers.get('x-client-status'), 'inactive');
  const anew = await provision(after, 4);
  assert.equal(anew.headers.get('x-provision-outcome'), 'created');
  assert.ok(anew.data.clientId > lost.data.clientId);
  assert.ok((await after.provision({ company: { externalId: 51 }, client: { externalId: 5 } })).data.companyId > lost.data.companyId + 1);
  const doctor = await runParley(['doctor'], { ...settings, PARLEY_PORT: new URL(after.url).port });
  assert.deepEqual([doctor.code, /^[!✗]/m.test(doctor.stdout)], [0, false], doctor.stdout);
});

/** The commands that docs/deploy.md gives. */
function readBackUpCommands(): { dump: string[]; restore: string[]; skipIds: string } {
  const section = /\n## Back up\n([^]*?)\n## /.exec(read('docs/deploy.md'))?.[1] ?? '';
  const shell = [...section.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block]) => (block as string).trim().split('\n'));
  const sql = [...section.matchAll(/```sql\n([^]*?)```/g)].map(([, block]) => block as string);
  const dump = shell.filter((line) => line.startsWith('pg_dump '));
  const restore = shell.filter((line) => /^(?:createdb|pg_restore) /.test(line));
  assert.deepEqual([dump.length, restore.length, sql.length], [1, 2, 1]);
  return { dump, restore, skipIds: sql[0] as string };
}

/** Runs the document's commands on the cluster of this run, with another database and file. */
async function asOperator(commands: readonly string[], { database, file }: { database: string; file: string }): Promise<void> {
  const { hostname, port, username, password } = new URL(process.env.TEST_POSTGRES as string);
  const place = { PGHOST: hostname, PGPORT: port, PGUSER: username, PGPASSWORD: password };
  const env = { ...environmentWith(place), PATH: `${findPostgres()}${delimiter}${process.env.PATH}` };
  for (const command of commands) {
    const adapted = command.replace(/\/var\/backups\/.*\.dump/, file).replace(/(?<= |--dbname=)parley(?= |$)/, database);
    assert.ok(adapted.includes(database), command);
    await promisify(execFile)('sh', ['-ec', adapted], { env });
  }
}

test('systemd takes the unit', (t) => {
  const unit = read('deploy/parley.service');
  const files = [...unit.matchAll(/\/opt\/parley\/([\w./-]+)/g)].map(([, path]) => path as string);
  assert.deepEqual(files, ['node_modules/.bin/node', 'bin/parley.js']);
  assert.match(unit, /^TimeoutStopSec=30$/m);

  const program = ['/usr/bin/systemd-analyze', '/bin/systemd-analyze'].find((path) => existsSync(path));
  if (program === undefined) {
    t.diagnostic('there is no systemd-analyze on this machine: the unit was only read');
    return;
  }
  const copy = join(makeDataDir(), 'parley.service');
  writeFileSync(copy, unit.replace('/opt/parley/node_modules/.bin/node', process.execPath).replaceAll('/opt/parley/', ROOT));
  const { status, stdout, stderr } = spawnSync(program, ['verify', copy], { encoding: 'utf8' });
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
});

test('the image: what it copies is let through and nothing else is, and its health check tells a node that is ready from none', async (t) => {
  const dockerfile = read('Dockerfile');
  const copied = [...dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, sources]) => (sources as string).split(' '));
  const admitted = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path as string);
  assert.match(read('.dockerignore'), /^\*$/m);
  const folders = copied.filter((path) => !copied.some((folder) => path.startsWith(`${folder}/`)));
  assert.deepEqual([...new Set(folders)].toSorted(), admitted.toSorted());
  for (const path of copied) assert.ok(existsSync(join(ROOT, path)), path);

  const [command, ...args] = JSON.parse(/^HEALTHCHECK [^]*?CMD (\[.*\])$/m.exec(dockerfile)?.[1] as string) as string[];
  assert.equal(command, 'node');
  const node = await startTestServer(t);
  const check = (port: string) => promisify(execFile)(process.execPath, args, { env: environmentWith({ PARLEY_PORT: port }) });
  await check(new URL(node.url).port);
  await assert.rejects(check('1'), { code: 1 });
});
