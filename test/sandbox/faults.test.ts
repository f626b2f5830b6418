import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { DEACTIVATE, GET, PROVISION, provisionBody, REACTIVATE, type BodyChanges } from '../support/bodies.ts';
import { get } from '../support/resources.ts';
import { runParley } from '../support/process.ts';
import { type Answer, startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

interface TestSandbox {
  server: TestServer;
  token: string;
  /** With the sandbox's token; undefined where the connection broke before there was an answer. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer | undefined>;
  provision(changes: BodyChanges, fault?: string): Promise<Answer | undefined>;
  status(externalId: number): Promise<string | undefined>;
}

async function startSandbox(t: TestContext): Promise<TestSandbox> {
  const server = await startTestServer(t);
  assert.equal((await runParley(['tenant', 'create', 'trial', '--sandbox'], server.settings)).code, 0);
  const { token } = await server.addToken('trial');
  const sandbox: TestSandbox = {
    server,
    token,
    post: (path, body, headers = {}) => server.post(path, body, { 'X-AUTH-TOKEN': token, ...headers }).catch(() => undefined),
    provision: (changes, fault) => sandbox.post(PROVISION, provisionBody(changes), fault === undefined ? {} : { 'X-Sandbox-Fault': fault }),
    async status(externalId) {
      const { status, json } = await get(server, `/v1/clients/external/${externalId}`, { 'X-AUTH-TOKEN': token });
      return status === 200 ? json.status : undefined;
    },
  };
  return sandbox;
}

/** What the first attempt is answered, and whether it was carried out. */
const FAULTS: [fault: string, first: { status?: number; code?: string; retryAfter?: boolean }, isDone: boolean][] = [
  ['lose-response', {}, true],
  ['slow:40', { status: 200 }, true],
  ['error-after-commit', { status: 500, code: 'INTERNAL' }, true],
  ['error-before-commit', { status: 500, code: 'INTERNAL' }, false],
  ['duplicate-delivery', { status: 200 }, true],
  ['rate-limit', { status: 429, code: 'RATE_LIMITED', retryAfter: true }, false],
  ['vendor-down', { status: 503, code: 'PLATFORM_UNAVAILABLE', retryAfter: true }, false],
];

test('each fault happens to the first attempt, the repeat is answered, and there is one client', async (t) => {
  const sandbox = await startSandbox(t);
  for (const [i, [fault, first, isDone]] of FAULTS.entries()) {
    const changes = { client: { externalId: 100 + i } };
    const answer = await sandbox.provision(changes, fault);
    assert.deepEqual([answer?.status, answer?.json?.code], [first.status, first.code], fault);
    assert.equal(Boolean(answer?.headers.get('retry-after')), Boolean(first.retryAfter), fault);
    assert.equal(await sandbox.status(100 + i), isDone ? 'active' : undefined, `${fault}: whether it was carried out`);
    const repeat = await sandbox.provision(changes, fault);
    assert.equal(repeat?.status, 200, fault);
    if (answer?.status === 200) assert.equal(answer.text, repeat?.text, fault);
    const outcome = repeat?.headers.get('x-provision-outcome');
    assert.equal(outcome, isDone ? 'unchanged' : 'created', fault);
  }
  const { clients } = (await get(sandbox.server, '/v1/statistics', { 'X-AUTH-TOKEN': sandbox.token })).json;
  assert.equal(clients.active, FAULTS.length);
});

test('what a vendor that was down missed is carried out without a repeat', async (t) => {
  const sandbox = await startSandbox(t);
  assert.equal((await sandbox.provision({}, 'vendor-down'))?.status, 503);
  await until('it is provisioned', async () => (await sandbox.status(100)) === 'active');
});

test('faults in a list happen one after the other, and by an e-mail address too, to every call about that client', async (t) => {
  const sandbox = await startSandbox(t);
  const script = 'rate-limit, error-before-commit,slow:1';
  const statuses = async (act: () => Promise<Answer | undefined>, n: number): Promise<(number | undefined)[]> => {
    const seen = [];
    for (let i = 0; i < n; i++) seen.push((await act())?.status);
    return seen;
  };
  assert.deepEqual(await statuses(() => sandbox.provision({}, script), 4), [429, 500, 200, 200]);
  assert.deepEqual(await statuses(() => sandbox.provision({}, 'rate-limit; run=2'), 2), [429, 200], 'another run is counted anew');
  const client = { externalId: 101, email: 'Lose-Response.rate-limit.slow-5+ann@sandbox.test' };
  assert.deepEqual(await statuses(() => sandbox.provision({ client }), 4), [undefined, 429, 200, 200]);
  const clientId = (await sandbox.provision({ client }))?.json.data.clientId;
  for (const path of [DEACTIVATE, REACTIVATE, GET])
    assert.deepEqual(await statuses(() => sandbox.post(path, { clientId }), 3), [undefined, 429, 200], path);
  assert.equal(await sandbox.status(101), 'active');
});

test('a seed brings the same faults again, to the same requests, on another server too', async (t) => {
  const courses: string[] = [];
  for (const sandbox of [await startSandbox(t), await startSandbox(t)]) {
    const course: unknown[] = [];
    for (let externalId = 1; externalId <= 8; externalId++)
      for (let attempt = 0; attempt < 4; attempt++) {
        const answer = await sandbox.provision({ client: { externalId } }, 'random:1').catch(() => undefined);
        course.push(answer === undefined ? 'lost' : [answer.status, answer.headers.get('x-sandbox-fault')]);
      }
    courses.push(JSON.stringify(course));
  }
  assert.equal(courses[0], courses[1]);
  assert.ok(
    ['"lost"', '[429,null]', '[500,null]', '[503,null]', '[200,null]'].every((kind) => courses[0]?.includes(kind)),
    courses[0],
  );
});

test('a refused request meets no fault, a header that is not understood is refused, and so is any outside of a sandbox', async (t) => {
  const sandbox = await startSandbox(t);
  const bad = await sandbox.provision({ client: { email: 'nobody' } }, 'lose-response');
  assert.equal(bad?.json.code, 'EMAIL_INVALID');
  for (const fault of ['', 'explode', 'slow:0', 'slow:30001', 'rate-limit:5', 'random:', 'slow,,slow', Array(11).fill('slow').join(',')]) {
    const answer = await sandbox.provision({}, fault);
    assert.deepEqual([answer?.status, Object.keys(answer?.json.data)], [422, ['X-Sandbox-Fault']], fault);
  }
  const live = await sandbox.server.provision({}, { 'X-Sandbox-Fault': 'slow' });
  assert.deepEqual([live.status, live.json.code], [422, 'FIELD_INVALID']);
  assert.match(live.json.data['X-Sandbox-Fault'], /sandbox tokens/);
  const magic = await sandbox.server.provision({ client: { email: 'rate-limit@sandbox.test' } });
  assert.equal(magic.status, 200, 'an address is only an address elsewhere');
  assert.equal(await sandbox.status(100), undefined);
});
