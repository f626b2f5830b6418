import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { PROVISION, provisionBody } from '../support/bodies.ts';
import { findFreePort } from '../support/free-port.ts';
import { runParley } from '../support/process.ts';
import { get } from '../support/resources.ts';
import { makeDataDir, startTestServer } from '../support/server.ts';

/** Callers as they are written, good and bad. Each provisions one client and ends with 0 when it believes that it is there. */
const CALLER = (retry: string): string => `
const body = id => JSON.stringify(${JSON.stringify(provisionBody())}).replace('"externalId":100', '"externalId":' + id);
const call = id => fetch(process.env.PARLEY_URL + '${PROVISION}', {
  method: 'POST', headers: { 'X-AUTH-TOKEN': process.env.SANDBOX_TOKEN }, body: body(id), signal: AbortSignal.timeout(20000),
}).catch(() => undefined);
const wait = ms => new Promise(resolve => setTimeout(resolve, ms));
const first = 1000 + Math.floor(Math.random() * 1e9);
${retry}
`;
const GOOD = CALLER(`
for (let i = 0; i < 6; i++) {
  const answer = await call(first);
  if (answer?.status === 200) process.exit(0);
  await wait(Math.max(100 * 2 ** i, 1000 * Number(answer?.headers.get('retry-after') ?? 0)));
}
process.exit(1);`);
const GIVES_UP = CALLER(`process.exit((await call(first))?.status === 200 ? 0 : 1);`);
const IMPATIENT = CALLER(`
for (let i = 0; i < 6; i++) { if ((await call(first))?.status === 200) process.exit(0); await wait(60); }
process.exit(1);`);
const FORGETS = CALLER(`
for (let i = 0; i < 6; i++) { if ((await call(first + i))?.status === 200) process.exit(0); await wait(2100); }
process.exit(1);`);

async function drill(
  t: TestContext,
  source: string,
): Promise<{ code: number | null; results: Record<string, string>; remarks: string; clients: number; stderr: string }> {
  const server = await startTestServer(t);
  await runParley(['tenant', 'create', 'trial', '--sandbox'], server.settings);
  const { token } = await server.addToken('trial');
  const script = join(makeDataDir(), 'caller.mjs');
  writeFileSync(script, source);
  const args = ['sandbox', 'drill', '--url', server.url, '--port', String(await findFreePort()), '--json', '--', process.execPath, script];
  const { code, stdout, stderr } = await runParley(args, { SANDBOX_TOKEN: token });
  const verdicts = JSON.parse(stdout) as { fault: string; result: string; remark: string }[];
  const { clients } = (await get(server, '/v1/statistics', { 'X-AUTH-TOKEN': token })).json;
  return {
    code,
    results: Object.fromEntries(verdicts.map(({ fault, result }) => [fault, result])),
    remarks: verdicts.map(({ remark }) => remark).join(' '),
    clients: clients.active,
    stderr,
  };
}

test('a caller that repeats as it should passes every drill, and has one client for each', async (t) => {
  const { code, results, clients, stderr } = await drill(t, GOOD);
  assert.deepEqual([code, new Set(Object.values(results)), Object.keys(results).length, clients], [0, new Set(['passed']), 7, 7], stderr);
});

test('a caller that gives up fails whatever asks for a repeat, and passes the rest', async (t) => {
  const { code, results, remarks } = await drill(t, GIVES_UP);
  assert.equal(code, 1);
  assert.deepEqual(results, {
    'lose-response': 'failed',
    slow: 'passed',
    'error-after-commit': 'failed',
    'error-before-commit': 'failed',
    'duplicate-delivery': 'passed',
    'rate-limit': 'failed',
    'vendor-down': 'failed',
  });
  assert.match(remarks, /not repeated/);
});

test('a caller that does not wait as it is told fails there', async (t) => {
  const { results, remarks } = await drill(t, IMPATIENT);
  assert.deepEqual([results['rate-limit'], results['vendor-down'], results['lose-response']], ['failed', 'failed', 'passed']);
  assert.match(remarks, /Retry-After was 2 s/);
});

test('a caller that makes up another id for its repeat is told of its second client', async (t) => {
  const { results, remarks, clients } = await drill(t, FORGETS);
  assert.equal(results['lose-response'], 'failed');
  assert.match(remarks, /became a second client/);
  assert.ok(clients > 7);
});

test('what cannot be drilled is said in one sentence', async (t) => {
  const server = await startTestServer(t);
  const port = String(await findFreePort());
  const base = ['sandbox', 'drill', '--port', port];
  const none = await runParley([...base, '--url', server.url, '--', '/nowhere/at-all']);
  assert.deepEqual([none.code, none.stderr.includes('cannot be run')], [1, true], none.stderr);
  const used = await runParley([...base.slice(0, 3), new URL(server.url).port, '--url', server.url, '--', 'true']);
  assert.deepEqual(
    [used.code, used.stderr],
    [1, `The drill cannot listen on 127.0.0.1:${new URL(server.url).port} (EADDRINUSE). Give another --port.\n`],
  );
  assert.equal((await runParley([...base, '--url', 'nowhere'])).code, 2);
  const idle = await runParley([...base, '--url', server.url, '--timeout', '1', '--json']);
  assert.deepEqual([idle.code, JSON.parse(idle.stdout)[0].result], [1, 'not met']);
});
