import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { bridgeAt, makeBridge, revoke, type TestBridge } from '../support/admission.ts';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { createTestDatabase, queryPostgres } from '../support/database.ts';
import { makeEngine } from '../support/engines.ts';
import { dial, LIVEKIT, rules } from '../support/engines/livekit.ts';
import { type Node, startNodes } from '../support/nodes.ts';
import { readAnswer, TEST_TOKEN } from '../support/server.ts';
import { until } from '../support/until.ts';

const ROUNDS = 30;

interface Field {
  url: string;
  nodes: Node[];
  /** The same bridge at each node. */
  bridges: TestBridge[];
}

async function startThree(t: TestContext, settings: Record<string, string> = {}): Promise<Field> {
  const url = await createTestDatabase();
  const nodes = await startNodes(t, [url, url, url], settings);
  const [first] = nodes as [Node];
  const { bridgeId, token } = await makeBridge({ settings: first.settings, url: first.calls.url }, null);
  return { url, nodes, bridges: nodes.map(({ calls }) => bridgeAt(calls, bridgeId, token)) };
}

const callerNumber = (i: number): string => `+1647555${1000 + i}`;

test('G7: from the moment that deactivate answers no node lets anybody in, and each does again after reactivate', async (t) => {
  const { url, nodes, bridges } = await startThree(t);
  const { clientId, passCodes } = (await (nodes[0] as Node).calls.provision()).data;
  const askAll = () => Promise.all(bridges.flatMap((bridge) => Object.values(passCodes).map((digits) => bridge.ask({ digits }))));
  // Whose codes these are is on record a moment after the answer; a stranger who keyed as many that open nothing would be turned away by the defence.
  for (const { json } of await askAll()) assert.equal(json.action, 'accept');
  await until('the caller is known', async () => (await queryPostgres(url, 'select 1 from caller_pairs')).length === 2);
  for (let round = 0; round < ROUNDS; round++) {
    const { calls } = nodes[round % nodes.length] as Node;
    // Under way while the status changes: whatever they are answered, the next ones are refused.
    const meanwhile = askAll();
    assert.equal((await calls.post(DEACTIVATE, { clientId })).status, 200);
    for (const { json } of await askAll()) assert.notEqual(json.action, 'accept');
    await meanwhile;
    assert.equal((await calls.post(REACTIVATE, { clientId })).status, 200);
    for (const { json } of await askAll()) assert.equal(json.action, 'accept');
  }
});

test('three nodes keep the dispatch rules of one LiveKit: each code is told once, and none opens after a deactivation, whoever told it', async (t) => {
  t.after(() => rules.clear());
  const { url, nodes } = await startThree(t);
  const [first] = nodes as [Node];
  const trunk = 'ST_2vTJ6Nqy8Xvg';
  await makeEngine(first, 'livekit', { ...LIVEKIT, settings: { ...LIVEKIT.settings, sipTrunks: trunk } });
  const clients: { clientId: number; code: string }[] = [];
  for (let externalId = 1; externalId <= 20; externalId++) {
    const { clientId, passCodes } = (await first.calls.provision({ client: { externalId } })).data;
    clients.push({ clientId, code: passCodes.moderatorPassCode });
  }
  await until('all codes are told', () => rules.size === 40);
  const goes = ({ clientId }: { clientId: number }): boolean => clientId % 2 === 0;
  await Promise.all(clients.filter(goes).map(({ clientId }, i) => (nodes[i % 3] as Node).calls.post(DEACTIVATE, { clientId })));
  const isRight = (client: { clientId: number; code: string }): boolean => (dial(trunk, client.code) === 'refused') === goes(client);
  await until('those who are active open, and nobody else', () => clients.every(isRight) && rules.size === 20);
  assert.equal((await queryPostgres(url, `select 1 from clients where status = 'active'`)).length, 10);
});

test('of many who come at once at three nodes no more are let in than the conference may hold', async (t) => {
  const { nodes, bridges } = await startThree(t);
  const { calls } = nodes[0] as Node;
  const { companyId, passCodes } = (await calls.provision()).data;
  const headers = { 'X-AUTH-TOKEN': TEST_TOKEN, 'content-type': 'application/json' };
  const body = JSON.stringify({ maxParticipants: 5 });
  const set = await readAnswer(await fetch(`${calls.url}/v1/companies/${companyId}/admission`, { method: 'PATCH', headers, body }));
  assert.equal(set.status, 200, set.text);
  const asked = Array.from({ length: 60 }, (_, i) =>
    (bridges[i % bridges.length] as TestBridge).ask({ digits: passCodes.participantPassCode, caller: callerNumber(i) }),
  );
  const answers = await Promise.all(asked);
  assert.equal(answers.filter(({ json }) => json.action === 'accept').length, 5);
});

test('what is guessed at one node is counted at all of them, and a call has its tries once', async (t) => {
  const { url, bridges } = await startThree(t, { PARLEY_ADMISSION_MISSES_PER_HOUR: '30', PARLEY_ADMISSION_TARPIT_MS: '0' });
  const [first, second, third] = bridges as [TestBridge, TestBridge, TestBridge];
  assert.equal((await first.ask({ callId: 'a', digits: '9070605040' })).json.triesLeft, 2);
  assert.equal((await second.ask({ callId: 'a', digits: '9070605041' })).json.triesLeft, 1);
  assert.equal((await third.ask({ callId: 'a', digits: '9070605042' })).json.action, 'drop');
  for (let i = 0; i < 60; i++)
    await (bridges[i % 3] as TestBridge).ask({ digits: String(2_000_000_000 + i * 7_919), caller: callerNumber(i) });
  const [{ misses }] = (await queryPostgres(url, 'select count(*) as misses from call_tries')) as [{ misses: number }];
  const [{ ahead }] = (await queryPostgres(
    url,
    'select max(empty_at) - (extract(epoch from now()) * 1000)::bigint as ahead from guess_buckets',
  )) as [{ ahead: number }];
  assert.equal(misses, 61);
  assert.ok(ahead <= 3_600_000, `the fullest bucket is ${ahead} ms ahead`);
});

test('a bridge that is revoked is refused at every node within a second', async (t) => {
  const { nodes, bridges } = await startThree(t);
  for (const bridge of bridges) assert.equal((await bridge.ask({})).json.action, 'request_pass_code');
  await revoke({ settings: (nodes[0] as Node).settings }, (bridges[0] as TestBridge).bridgeId);
  const from = performance.now();
  await Promise.all(bridges.map((bridge) => until('refused', async () => (await bridge.ask({})).status === 401, { withinMs: 5_000 })));
  t.diagnostic(`refused at three nodes ${Math.round(performance.now() - from)} ms after it was revoked`);
});
