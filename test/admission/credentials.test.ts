import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMISSION, CALLER, makeBridge, revoke } from '../support/admission.ts';
import { runParley } from '../support/process.ts';
import { get } from '../support/resources.ts';
import { type Answer, post, startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

test('a bridge shows its credential as a header, a bearer, a password or a part of the path, and as one of them only', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeBridge(server);
  const { moderatorPassCode } = (await server.provision()).data.passCodes;
  const ask = (headers: Record<string, string>, path = ADMISSION): Promise<Answer> =>
    post(`${server.url}${path}`, { callId: 'one', digits: moderatorPassCode, caller: CALLER }, headers);
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  const inPath = `${ADMISSION}/k/${token}`;
  const asked = [
    ask({ 'X-AUTH-TOKEN': token }),
    ask({ authorization: `Bearer ${token}` }),
    ask({ authorization: basic(`anybody:${token}`) }),
    ask({}, inPath),
  ];
  for (const answer of await Promise.all(asked)) assert.equal(answer.json.action, 'accept', answer.text);
  const refused = [
    ask({}),
    ask({ 'X-AUTH-TOKEN': `${token}x` }),
    ask({ authorization: basic(token) }),
    ask({ 'X-AUTH-TOKEN': token }, inPath),
    ask({ 'X-AUTH-TOKEN': token, authorization: `Bearer ${token}` }),
    ask({}, `${ADMISSION}/k/${token.slice(0, -1)}`),
  ];
  for (const answer of await Promise.all(refused)) assert.deepEqual([answer.status, answer.json.code], [401, 'UNAUTHORIZED']);
  const logged = server.logged();
  for (const secret of [token, moderatorPassCode, CALLER]) assert.ok(!logged.includes(secret));
  assert.match(logged, /\/admission\/json\/k\/:token/);
});

test('a token with the scope admission asks too; other tokens do not, and a bridge is let in nowhere else', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const body = { callId: 'one', digits, caller: CALLER };
  const { token } = await server.addToken('default', { scopes: ['admission'] });
  assert.equal((await server.post(ADMISSION, body, { 'X-AUTH-TOKEN': token })).json.action, 'accept');
  const { token: reader } = await server.addToken('default', { scopes: ['read', 'provision', 'admin'] });
  assert.equal((await server.post(ADMISSION, body, { 'X-AUTH-TOKEN': reader })).json.code, 'SCOPE_REQUIRED');
  assert.equal((await get(server, '/v1/clients', { 'X-AUTH-TOKEN': bridge.token })).status, 401);
});

test('a bridge that is revoked asks in vain within a second, and both are in the audit', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  assert.equal((await bridge.ask({})).json.action, 'request_pass_code');
  await revoke(server, bridge.bridgeId);
  await until('the bridge is refused', async () => (await bridge.ask({})).status === 401);
  const { items } = (await get(server, '/v1/audit?types=bridge.created,bridge.revoked')).json;
  assert.deepEqual(
    items.map(({ type, actor, data }: any) => [type, actor.kind, data.bridgeId]),
    [
      ['bridge.revoked', 'operator', bridge.bridgeId],
      ['bridge.created', 'operator', bridge.bridgeId],
    ],
  );
});

test('bridges and access numbers are made, listed and taken away on the command line', async (t) => {
  const server = await startTestServer(t);
  await server.addTenant('other');
  const run = async (...command: string[]) => runParley([...command, '--json'], server.settings);
  const made = JSON.parse((await run('bridge', 'create', 'front', '--dialect', 'json', '--shared')).stdout);
  assert.deepEqual([made.name, made.dialect, made.tenant], ['front', 'json', null]);
  assert.match(made.token, /^parley_bridge_[a-z2-7]{38}$/);
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const answer = await server.post(ADMISSION, { callId: 'one', digits }, { 'X-AUTH-TOKEN': made.token });
  assert.equal(answer.json.action, 'accept');
  const listed = (await run('bridge', 'list')).stdout;
  assert.ok(!listed.includes(made.token));
  assert.deepEqual(
    JSON.parse(listed).map(({ bridgeId, name }: any) => [bridgeId, name]),
    [[made.bridgeId, 'front']],
  );
  const sentences: [string[], RegExp][] = [
    [['bridge', 'create', 'front', '--dialect', 'json', '--shared'], /There is a bridge "front" already/],
    [['bridge', 'create', 'next', '--dialect', 'json', '--set', 'colour=red'], /colour is no setting of the dialect json/],
    [['bridge', 'create', 'next', '--dialect', 'json', '--tenant', 'nobody'], /There is no tenant "nobody"/],
    [['bridge', 'revoke', '99'], /There is no bridge 99/],
    [['access-number', 'add', '5145550100'], /number must be a telephone number in full/],
    [['access-number', 'remove', '+15145550100'], /is not in service/],
  ];
  for (const [command, sentence] of sentences) {
    const { code, stderr } = await run(...command);
    assert.deepEqual([code, sentence.test(stderr)], [1, true], stderr);
  }
  assert.equal((await run('access-number', 'add', '+1 514 555 0100', '--tenant', 'other')).code, 0);
  assert.equal((await run('access-number', 'add', '+15145550100', '--tenant', 'other')).code, 0);
  assert.match((await run('access-number', 'add', '+15145550100', '--shared')).stderr, /is in service for others/);
  const [number] = JSON.parse((await run('access-number', 'list')).stdout);
  assert.deepEqual([number.number, number.tenantName], ['+15145550100', 'other']);
  assert.equal((await run('access-number', 'remove', '+15145550100')).code, 0);
  assert.equal((await run('bridge', 'revoke', String(made.bridgeId))).code, 0);
});

test("a bridge's settings, secrets and credential are changed on the command line, and a running server follows", async (t) => {
  const server = await startTestServer(t);
  const run = async (...command: string[]) => runParley([...command, '--json'], { ...server.settings, AMI_SECRET: 'ami-secret' });
  const made = JSON.parse((await run('bridge', 'create', 'pbx', '--dialect', 'asterisk')).stdout);
  const id = String(made.bridgeId);
  const manager = ['--set', 'managerUrl=ami://127.0.0.1:5038', '--set', 'managerUser=parley'];
  const half = await run('bridge', 'update', id, ...manager);
  assert.deepEqual([half.code, /Ending conferences takes all of .*: managerSecret is missing\./.test(half.stderr)], [1, true], half.stderr);
  const changed = await run('bridge', 'update', id, ...manager, '--secret', 'managerSecret=$AMI_SECRET', '--set', 'region=CA');
  assert.deepEqual(JSON.parse(changed.stdout).settings, { managerUrl: 'ami://127.0.0.1:5038', managerUser: 'parley', region: 'CA' });
  const without = await run('bridge', 'update', id, '--unset', 'managerUrl', '--unset', 'managerUser', '--unset-secret', 'managerSecret');
  assert.deepEqual(JSON.parse(without.stdout).settings, { region: 'CA' });
  assert.equal((await run('bridge', 'update', id)).code, 1);
  assert.match((await run('bridge', 'update', '99', '--set', 'region=CA')).stderr, /There is no bridge 99/);

  const { moderatorPassCode: code } = (await server.provision()).data.passCodes;
  const statusOf = async (token: string): Promise<number> => {
    const form = new URLSearchParams({ call: 'one', code });
    return (await fetch(`${server.url}/admission/asterisk/k/${token}`, { method: 'POST', body: form })).status;
  };
  const { token } = JSON.parse((await run('bridge', 'rotate', id)).stdout);
  assert.equal(await statusOf(token), 200);
  await until('the one before opens nothing', async () => (await statusOf(made.token)) === 401);
  assert.match((await run('bridge', 'rotate', '99')).stderr, /There is no bridge 99/);
});

test('what is no request is refused by field; another method is told which', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeBridge(server);
  const send = (body: unknown, path = ADMISSION) => post(`${server.url}${path}`, body, { 'X-AUTH-TOKEN': token });
  assert.deepEqual((await send({ digits: '1' })).json.data, { callId: 'is required' });
  assert.deepEqual(Object.keys((await send({ callId: {}, digits: [], caller: 'x'.repeat(256) })).json.data), [
    'callId',
    'digits',
    'caller',
  ]);
  assert.equal((await send('{"callId":"a","callId":"b"}')).json.code, 'INVALID_JSON');
  assert.equal((await send('[]')).json.code, 'INVALID_JSON');
  assert.equal((await send('')).json.code, 'INVALID_JSON');
  assert.equal((await send({ events: [] }, `${ADMISSION}/events`)).json.code, 'FIELD_INVALID');
  const wrongMethod = await get(server, ADMISSION);
  assert.deepEqual([wrongMethod.status, wrongMethod.headers.get('allow')], [405, 'POST']);
  assert.equal((await get(server, '/admission/telepathy')).status, 404);
});
