import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { DEACTIVATE, GET, PROVISION, provisionBody, REACTIVATE, SIGN_ON } from '../support/bodies.ts';
import { askDoctor } from '../support/doctor.ts';
import type { Fate, OwnAnswer } from '../support/flaky-proxy.ts';
import { gatewaySettings, startGateway, type TestGateway } from '../support/gateway.ts';
import { runParley } from '../support/process.ts';
import { get } from '../support/resources.ts';
import { startTestServer, TEST_TOKEN, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** For what has to outlast a circuit breaker and delays that grow. */
const LONG = { withinMs: 60_000 };

async function statusAt(server: TestServer, externalId = 100): Promise<string> {
  return (await get(server, `/v1/clients/external/${externalId}`)).json.status;
}

async function countAt(server: TestServer): Promise<number> {
  const { clients } = (await get(server, '/v1/statistics')).json;
  return clients.active + clients.inactive + clients.terminated + clients.erased;
}

async function isIdle({ gateway }: TestGateway): Promise<boolean> {
  return (await gateway.query('select * from operations')).length === 0;
}

test('a gateway answers as its vendor does, from its own record once it has one', async (t) => {
  const pair = await startGateway(t);
  const { gateway, vendor, link } = pair;
  const created = await gateway.provision({ client: { password: 'secret123' } });
  assert.deepEqual([created.status, created.headers.get('x-provision-outcome')], [200, 'created'], created.text);
  const theirs = await vendor.provision();
  assert.equal(created.text, theirs.text, "the vendor's ids, codes and hub, byte for byte");
  const { clientId } = created.data;

  const asked = link.asked.length;
  const again = await gateway.provision({ client: { password: 'secret123' } });
  assert.deepEqual([again.text, again.headers.get('x-provision-outcome')], [created.text, 'unchanged']);
  assert.equal((await gateway.post(GET, { clientId })).text, (await vendor.post(GET, { clientId })).text);
  assert.equal(link.asked.length, asked, 'what is on record needs no vendor');

  const changed = await gateway.provision({ client: { first: 'Zoë' }, company: { name: 'Another Name' } });
  assert.equal(changed.headers.get('x-provision-changed'), 'company.name,client.first');
  assert.equal((await get(vendor, '/v1/clients/external/100')).json.first, 'Zoë');
  for (const [path, status] of [
    [DEACTIVATE, 'inactive'],
    [REACTIVATE, 'active'],
    [DEACTIVATE, 'inactive'],
  ] as const) {
    assert.equal((await gateway.post(path, { clientId })).text, '{"status":"success"}');
    assert.deepEqual([await statusAt(vendor), await statusAt(gateway)], [status, status]);
  }
  assert.deepEqual((await gateway.post(SIGN_ON, { clientId })).json.code, 'CLIENT_INACTIVE');
  await gateway.post(REACTIVATE, { clientId });
  assert.match((await gateway.post(SIGN_ON, { clientId })).json.data.url, /^https:\/\/company-name\.parley\.localhost\/signon\?token=/);

  const second = await gateway.provision({ client: { externalId: 101 } });
  assert.deepEqual([second.data.companyId, second.data.hub], [changed.data.companyId, created.data.hub]);
  const ended = await gateway.post(`/v1/clients/${clientId}/terminate`, { reason: 'over' });
  assert.deepEqual([ended.json.status, await statusAt(vendor)], ['terminated', 'inactive']);
  assert.equal((await gateway.provision()).json.code, 'CLIENT_TERMINATED');
  assert.equal((await gateway.post(`/v1/clients/${second.data.clientId}/erase`, {})).status, 200);
  assert.deepEqual([await statusAt(gateway, 101), await statusAt(vendor, 101)], ['erased', 'inactive']);
  assert.equal((await gateway.post(`/v1/clients/${second.data.clientId}/rotate-passcodes`, {})).json.code, 'PLATFORM_UNSUPPORTED');
  await until('nothing is left to do', () => isIdle(pair), LONG);
  assert.equal((await runParley(['audit', 'verify'], gateway.settings)).code, 0);
});

test('whatever becomes of the first call, there is one client, and the answer is the one that was lost', async (t) => {
  const fates: [string, Fate[]][] = [
    ['lost', ['lose']],
    ['cut off', ['cut']],
    ['never answered', ['hang']],
    ['failed after it was done', ['lose', { status: 500 }]],
    ['not JSON', [{ status: 200, body: '<html>' }]],
    ['half the contract', [{ status: 200, body: '{"status":"success","data":{"companyId":100000}}' }]],
    ['too long', [{ status: 200, body: JSON.stringify({ status: 'success', data: 'x'.repeat(70_000) }) }]],
    ['with a forbidden member', [{ status: 200, body: '{"status":"success","__proto__":{},"data":{}}' }]],
    ['a redirect', [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }]],
    ['the token not taken', [{ status: 401 }]],
    ['too many', [{ status: 429, headers: { 'retry-after': '1' } }]],
    ['gone wrong thrice', [{ status: 502 }, 'hang', 'lose']],
  ];
  const pair = await startGateway(t);
  const { gateway, vendor, link } = pair;
  for (const [i, [what, fate]] of fates.entries()) {
    link.fates.push(...fate);
    const body = { client: { externalId: i + 1, email: `${i}@example.com` } };
    let answer = await gateway.provision(body);
    for (let tries = 0; answer.status === 503 && tries < 10; tries++) answer = await gateway.provision(body);
    assert.equal(answer.status, 200, `${what}: ${answer.text}`);
    assert.equal((await vendor.provision(body)).text, answer.text, what);
    assert.equal(await countAt(vendor), i + 1, what);
  }
  await until('nothing is left to do', () => isIdle(pair));
  assert.equal(await countAt(gateway), fates.length);
});

test('thirty-two callers at once are one client and few calls', async (t) => {
  const { gateway, vendor, link } = await startGateway(t);
  const answers = await Promise.all(Array.from({ length: 32 }, () => gateway.provision()));
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
  assert.equal(await countAt(vendor), 1);
  assert.ok(link.asked.length <= 2, `${link.asked.length} calls`);
});

test('what the vendor refuses is refused, in words of our own, and nothing is recorded', async (t) => {
  const { gateway, vendor, link } = await startGateway(t);
  await vendor.provision({ company: { externalId: 50, enterpriseId: 1 } });
  const mismatch = await gateway.provision({ client: { externalId: 7 } });
  assert.deepEqual([mismatch.status, mismatch.json.code], [409, 'COMPANY_ENTERPRISE_MISMATCH']);
  link.fates.push({
    status: 422,
    body: JSON.stringify({ status: 'fail', code: 'EMAIL_INVALID', message: 'SECRET', data: { 'client.email': 'SECRET', x: 'SECRET' } }),
  });
  const email = await gateway.provision({ company: { externalId: 51 } });
  assert.deepEqual(
    [email.status, email.json.code, email.json.data],
    [422, 'EMAIL_INVALID', { 'client.email': 'is refused by the platform' }],
  );
  link.fates.push({ status: 418, body: '{"secret":"SECRET"}' });
  const odd = await gateway.provision({ company: { externalId: 51 } });
  assert.deepEqual([odd.status, odd.json.code], [502, 'PLATFORM_REFUSED']);
  assert.ok(![email.text, odd.text, gateway.logged()].some((text) => text.includes('SECRET')));
  assert.deepEqual([await countAt(gateway), await gateway.query('select * from operations')], [0, []]);
});

test('while the vendor is away the wishes wait on record, and are carried out in the end, the latest one last', async (t) => {
  const pair = await startGateway(t);
  const { gateway, vendor, link } = pair;
  const { clientId } = (await gateway.provision()).data;
  const down: Fate[] = Array.from({ length: 400 }, () => ({ status: 503 }));
  link.fates.push(...down);
  const calls = await Promise.all([
    gateway.post(DEACTIVATE, { clientId }),
    gateway.provision({ client: { externalId: 200 } }),
    gateway.provision({ client: { externalId: 100, first: 'Later' } }),
  ]);
  for (const { status, json, headers } of calls) {
    assert.deepEqual([status, json.code], [503, 'PLATFORM_UNAVAILABLE']);
    assert.ok(Number(headers.get('retry-after')) >= 1);
  }
  const reactivated = await gateway.post(REACTIVATE, { clientId });
  assert.equal(reactivated.status, 503);
  assert.equal((await gateway.post(DEACTIVATE, { clientId })).status, 503);
  const listed = (await get(gateway, '/v1/operations')).json.items;
  assert.deepEqual(
    listed.map(({ externalId, wanted, state }: { externalId: number; wanted: string[]; state: string }) => [externalId, wanted, state]),
    [
      [100, ['provision', 'inactive'], 'pending'],
      [200, ['provision'], 'pending'],
    ],
  );
  assert.equal(
    (await gateway.provision({ client: { externalId: 100 } })).status,
    503,
    'the latest wish counts, though the record says so already',
  );
  link.fates.length = 0;
  await until('both wishes are true', async () => (await statusAt(vendor)) === 'inactive' && (await countAt(vendor)) === 2, LONG);
  await until('nothing is left to do', () => isIdle(pair), LONG);
  assert.deepEqual([await statusAt(gateway), await countAt(gateway)], ['inactive', 2]);
  assert.equal((await get(vendor, '/v1/clients/external/100')).json.first, 'First');
  const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
  assert.match(metrics, /parley_operations_pending 0/);
  assert.match(metrics, /parley_platform_calls_total\{call="deactivate",outcome="success"\} [1-9]/);
});

test('a vendor that answers wrongly for one client is told of at once and in plain words, and nobody else waits', async (t) => {
  const pair = await startGateway(t);
  const { gateway, vendor, link } = pair;
  const known = (await gateway.provision()).data;
  const stranger = (await vendor.provision({ client: { externalId: 999 } })).json;
  const good = (await vendor.provision({ client: { externalId: 998 } })).json;
  const wrong: [what: string, own: OwnAnswer, reason: string][] = [
    [
      'a page',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<!doctype html><p>SECRET' },
      "the vendor's answer is not the contract's: a page of HTML or XML",
    ],
    ['no JSON', { status: 200, body: 'SECRET' }, "the vendor's answer is not the contract's: no JSON"],
    ['nothing', { status: 200, body: '' }, "the vendor's answer is not the contract's: no JSON"],
    ['another status', { status: 204 }, "the vendor's answer is not the contract's: the status 204"],
    [
      'a failure that says 200',
      { status: 200, body: '{"status":"error","message":"SECRET"}' },
      "the vendor's answer is not the contract's: status",
    ],
    [
      'a field missing',
      { status: 200, body: JSON.stringify({ ...good, data: { ...good.data, passCodes: { moderatorPassCode: '1234567890' } } }) },
      "the vendor's answer is not the contract's: data.passCodes.participantPassCode",
    ],
    [
      'a field of another type',
      { status: 200, body: JSON.stringify({ ...good, data: { ...good.data, clientId: 'SECRET' } }) },
      "the vendor's answer is not the contract's: data.clientId",
    ],
    [
      'too much',
      { status: 200, body: JSON.stringify({ status: 'success', data: 'SECRET'.repeat(20_000) }) },
      "the vendor's answer is not the contract's: longer than 65536 bytes",
    ],
    [
      "another client's ids",
      { status: 200, body: JSON.stringify({ ...stranger, data: { ...stranger.data, clientId: known.clientId } }) },
      "the vendor's answer contradicts the record: ",
    ],
    ['a redirect', { status: 302, headers: { location: 'https://SECRET.example/' } }, 'the vendor redirects (302), which is not followed'],
    ['no entry', { status: 403, body: 'SECRET' }, 'the vendor does not accept the token (403)'],
    ['no such page', { status: 404, body: '<html>SECRET' }, 'the vendor has no such call (404)'],
  ];
  for (const [i, [, own]] of wrong.entries()) link.answers.set(1_000 + i, own);
  const startedAt = performance.now();
  const answers = await Promise.all(wrong.map((_, i) => gateway.provision({ client: { externalId: 1_000 + i } })));
  assert.ok(performance.now() - startedAt < 5_000, 'nobody waits for what is known');
  for (const [i, [what, , reason]] of wrong.entries()) {
    const { status, json, headers, text } = answers[i] as (typeof answers)[number];
    assert.deepEqual([status, json.code, json.status], [503, 'PLATFORM_ANSWER_WRONG', 'error'], `${what}: ${text}`);
    assert.ok(json.message.includes(`cannot be used: ${reason}`), `${what}: ${text}`);
    assert.ok(Number(headers.get('retry-after')) >= 1, what);
  }
  // However often those are tried, the others are let through.
  for (let i = 0; i < 15; i++) {
    const again = await gateway.provision({ client: { externalId: 1_000 + (i % wrong.length) } });
    assert.equal(again.json.code, 'PLATFORM_ANSWER_WRONG', again.text);
    assert.equal((await gateway.provision({ client: { externalId: 2_000 + i } })).status, 200);
  }
  assert.doesNotMatch([...answers.map(({ text }) => text), gateway.logged()].join(), /SECRET/);
  assert.equal(await countAt(gateway), 16, 'nothing of a wrong answer is on record');

  link.answers.set(known.clientId, { status: 200, body: '<html>' });
  for (const path of [DEACTIVATE, SIGN_ON]) {
    const { status, json } = await gateway.post(path, { clientId: known.clientId });
    assert.deepEqual([status, json.code], [503, 'PLATFORM_ANSWER_WRONG'], path);
  }
  link.answers.clear();
  for (let i = 0; i < wrong.length; i++) {
    const body = { client: { externalId: 1_000 + i } };
    await until('the repeat gets its answer', async () => (await gateway.provision(body)).status === 200, LONG);
    assert.equal((await vendor.provision(body)).text, (await gateway.provision(body)).text);
  }
  assert.equal((await gateway.post(DEACTIVATE, { clientId: known.clientId })).status, 200);
  await until('nothing is left to do', () => isIdle(pair), LONG);
  assert.deepEqual([await countAt(gateway), await countAt(vendor)], [16 + wrong.length, 18 + wrong.length]);
});

test('a vendor that fails as a whole is left alone, whatever it answers for one client meanwhile', async (t) => {
  const { gateway, link } = await startGateway(t);
  for (let i = 0; i < 30; i++) link.answers.set(1_000 + i, { status: i % 2 === 0 ? 401 : 500 });
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => gateway.provision({ client: { externalId: 1_000 + i } })));
  for (const { status } of answers) assert.equal(status, 503);
  const asked = link.asked.length;
  const refused = await gateway.provision({ client: { externalId: 2_000 } });
  assert.deepEqual([refused.status, refused.json.code], [503, 'PLATFORM_UNAVAILABLE']);
  assert.equal(link.asked.length, asked, 'the vendor is not asked');
});

test('a vendor whose answer contradicts the record is not believed; it is told of, and so is the stranger', async (t) => {
  const { gateway, vendor, link } = await startGateway(t);
  const { data } = await gateway.provision();
  const other = (await vendor.provision({ client: { externalId: 999 } })).json;
  const lies = Array.from({ length: 50 }, () => ({ status: 200, body: JSON.stringify(other) }));
  link.fates.push(...lies);
  const changed = await gateway.provision({ client: { first: 'Changed' } });
  assert.equal(changed.status, 503, changed.text);
  gateway.advance(16 * 60_000);
  await until('it is stuck', async () => (await get(gateway, '/v1/operations?state=stuck')).json.items.length === 1, LONG);
  const [operation] = (await get(gateway, '/v1/operations?state=stuck')).json.items;
  assert.match(operation.lastError, /contradicts the record: clientId, passCodes/);
  const events = (await get(gateway, '/v1/events?types=operation.stuck,platform.orphan_found')).json.items;
  assert.deepEqual(events.map(({ type }: { type: string }) => type).toSorted(), ['operation.stuck', 'platform.orphan_found']);
  const [orphan] = (await get(gateway, '/v1/orphans')).json.items;
  assert.deepEqual([orphan.vendorClientId, orphan.externalId], [other.data.clientId, 100]);
  assert.match(await (await fetch(`${gateway.url}/metrics`)).text(), /parley_operations_stuck 1/);
  assert.equal((await get(gateway, `/v1/clients/${data.clientId}`)).json.first, 'First');
  link.fates.length = 0;
  const done = await gateway.post(`/v1/operations/${operation.operationId}/retry`, undefined);
  assert.equal(done.status, 200, done.text);
  await until('the wish is true', async () => (await get(gateway, `/v1/clients/${data.clientId}`)).json.first === 'Changed', LONG);
});

test('at a vendor where repeating is not safe, a lost answer waits for an operator, and nothing is made twice', async (t) => {
  const pair = await startGateway(t, { PARLEY_PLATFORM_CREATES: 'neither' });
  const { gateway, link } = pair;
  link.fates.push({ status: 503, headers: { 'retry-after': '0' } });
  const lost = await gateway.provision();
  assert.deepEqual([lost.status, lost.json.code, lost.headers.get('retry-after')], [503, 'NEEDS_OPERATOR', '300']);
  const calls = link.asked.length;
  assert.equal((await gateway.provision()).json.code, 'NEEDS_OPERATOR');
  await sleep(1_500);
  assert.equal(link.asked.length, calls, 'nobody asks the vendor again');
  const [operation] = (await get(gateway, '/v1/operations')).json.items;
  assert.deepEqual([operation.state, operation.nextAttemptAt], ['needs-operator', null]);
  assert.match(operation.lastError, /^not known whether it was carried out: .*503/);
  const provisioner = { 'X-AUTH-TOKEN': (await gateway.addToken('default', { scopes: ['provision', 'read'] })).token };
  assert.equal((await gateway.post(`/v1/operations/${operation.operationId}/retry`, {}, provisioner)).json.code, 'SCOPE_REQUIRED');
  assert.equal((await gateway.post(`/v1/operations/${operation.operationId}/retry`, {})).status, 200);
  await until('it is provisioned', async () => (await gateway.provision()).status === 200);

  const found = async (settings: Record<string, string> = {}): Promise<string[]> => {
    const findings = await askDoctor({ ...gateway.settings, ...gatewaySettings(link.url), ...settings });
    return findings
      .filter(({ check }) => check === 'operations' || check === 'platform')
      .map(({ result, detail }) => `${result}: ${detail.replace(/127[^ ,]+/, 'vendor')}`);
  };
  const known = (await get(gateway, '/v1/clients/external/100')).json.clientId;
  assert.deepEqual(await found(), ['ok: 0 under way, none needs attention', `ok: vendor answers, and knows client ${known}`]);
  link.fates.push('lose');
  assert.equal((await gateway.provision({ client: { externalId: 8 } })).json.code, 'NEEDS_OPERATOR');
  assert.match(
    (await found({ PARLEY_PLATFORM_TOKEN: 'another-token-than-theirs' })).join(),
    /^warning: 1 of 1 need attention.*problem: .*not accept the token/,
  );
  assert.match(
    (await found({ PARLEY_PLATFORM_URL: 'http://127.0.0.1:1' })).join(),
    /warning: vendor, asked for client \d+: the vendor cannot be reached/,
  );
  const [second] = (await get(gateway, '/v1/operations?state=stuck')).json.items;
  assert.equal((await gateway.post(`/v1/operations/${second.operationId}/discard`, {})).status, 200);
  assert.deepEqual(await gateway.query('select * from operations where external_id = 8'), []);
  assert.equal((await gateway.post(`/v1/operations/${second.operationId}/discard`, {})).json.code, 'OPERATION_NOT_FOUND');
});

test('a database is a gateway or it is not, and the settings of a platform are checked at start', async (t) => {
  const { gateway, link } = await startGateway(t);
  await gateway.provision();
  await gateway.stop();
  await assert.rejects(startTestServer(t, { ...gateway.settings, PARLEY_DATA_DIR: gateway.dataDir }), /remote platform's clients/);
  const plain = await startTestServer(t);
  await plain.provision();
  await plain.stop();
  const platform = { PARLEY_PLATFORM_URL: link.url, PARLEY_PLATFORM_TOKEN: TEST_TOKEN };
  await assert.rejects(
    startTestServer(t, { ...plain.settings, PARLEY_DATA_DIR: plain.dataDir, ...platform }),
    /clients of the built-in platform/,
  );
  for (const [settings, sentence] of [
    [{ PARLEY_PLATFORM_URL: link.url }, /PARLEY_PLATFORM_TOKEN is not/],
    [{ PARLEY_PLATFORM_TOKEN: 'x' }, /PARLEY_PLATFORM_URL is not/],
    [{ ...platform, PARLEY_PLATFORM_URL: 'http://vendor.example.com' }, /must be https/],
    [{ ...platform, PARLEY_PLATFORM_URL: 'https://me:secret@vendor.example.com' }, /without user/],
    [{ ...platform, PARLEY_PLATFORM_CREATES: 'maybe' }, /must be one of repeatable, findable, neither/],
    [{ ...platform, PARLEY_PLATFORM_CREATES: 'findable' }, /has no look-up/],
    [{ ...platform, PARLEY_PLATFORM_SETTLE_SECONDS: '1', PARLEY_PLATFORM_TIMEOUT_MS: '5000' }, /must not be shorter/],
  ] as const) {
    await assert.rejects(startTestServer(t, settings), sentence);
  }
});

test('a sandbox beside a gateway has its own data on the built-in platform, and another tenant has none', async (t) => {
  const { gateway, vendor } = await startGateway(t);
  const { data } = await gateway.provision();
  const made = await runParley(['tenant', 'create', 'trial', '--sandbox', '--json'], gateway.settings);
  assert.equal(JSON.parse(made.stdout).isSandbox, true);
  const { token } = await gateway.addToken('trial');
  assert.match(token, /^parley_test_/);
  const trial = await gateway.post(PROVISION, provisionBody(), { 'X-AUTH-TOKEN': token });
  assert.equal(trial.status, 200, trial.text);
  assert.notEqual(trial.json.data.clientId, data.clientId);
  assert.equal(await countAt(vendor), 1);
  const stranger = await gateway.provision({}, { 'X-AUTH-TOKEN': await gateway.addTenant('stranger') });
  assert.deepEqual([stranger.status, stranger.json.code], [409, 'PLATFORM_UNSUPPORTED']);
});

test('parley reconcile --platform says what differs at the vendor, and changes nothing', async (t) => {
  const { gateway, vendor, link } = await startGateway(t);
  const settings = { ...gateway.settings, ...gatewaySettings(link.url) };
  const reconcile = async (...args: string[]) => {
    const { code, stdout, stderr } = await runParley(['reconcile', '--platform', '--rate', '200', ...args], settings);
    return { code, stderr, report: args.includes('--json') ? JSON.parse(stdout) : stdout };
  };
  const ids: number[] = [];
  for (let externalId = 1; externalId <= 6; externalId++) ids.push((await gateway.provision({ client: { externalId } })).data.clientId);
  const [same, reactivated, terminated, gone, moved, erased] = ids as [number, number, number, number, number, number];
  await gateway.post(`/v1/clients/${terminated}/terminate`, {});
  await gateway.post(`/v1/clients/${erased}/erase`, {});
  await gateway.post(DEACTIVATE, { clientId: same });
  assert.deepEqual(await reconcile('--json'), {
    code: 0,
    stderr: '',
    report: { compared: 5, underWay: 0, tellsStatus: true, drift: [], orphans: [] },
  });

  await vendor.post(DEACTIVATE, { clientId: reactivated });
  await vendor.post(REACTIVATE, { clientId: terminated });
  link.answers.set(gone, { status: 404, body: '{"status":"fail","code":"CLIENT_NOT_FOUND","message":"SECRET","data":{}}' });
  link.answers.set(moved, { status: 200, body: JSON.stringify({ clientId: moved, hub: { hubId: 7, hubUrl: 'elsewhere.example.com' } }) });
  const { code, report, stderr } = await reconcile('--json');
  assert.equal(code, 1);
  assert.match(stderr, /^4 differences and 0 orphans/);
  assert.deepEqual(
    report.drift.map(({ externalId, kind, ours, theirs }: Record<string, unknown>) => [externalId, kind, ours, theirs]),
    [
      [2, 'status', 'active', 'inactive'],
      [3, 'status', 'terminated', 'active'],
      [4, 'missing', 'active', '-'],
      [5, 'hub', '100000 company-name.parley.localhost', '7 elsewhere.example.com'],
    ],
  );
  assert.match((await reconcile()).report, /elsewhere\.example\.com/);
  assert.equal(await statusAt(vendor, 2), 'inactive', 'it only looks');

  link.answers.clear();
  link.fates.push(...Array.from({ length: 60 }, (): Fate => ({ status: 503 })));
  const away = (await reconcile('--json')).report;
  assert.deepEqual(new Set(away.drift.map(({ kind }: { kind: string }) => kind)), new Set(['unanswered']));
  const plain = await startTestServer(t);
  const none = await runParley(['reconcile', '--platform'], plain.settings);
  assert.deepEqual([none.code, none.stderr.includes('PARLEY_PLATFORM_URL is not set')], [1, true]);
  assert.equal((await runParley(['reconcile', '--platform', '--rate', '0'], settings)).code, 2);
});
