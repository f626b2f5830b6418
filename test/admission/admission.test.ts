import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBridge, NUMBER, putInService } from '../support/admission.ts';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { startTestServer } from '../support/server.ts';

const UNKNOWN = '9070605040';
const NOT_RECOGNISED = { action: 'reject', reason: 'not_recognised', triesLeft: 2 };

test('both codes of a client open one conference, each in its role; another client has another', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const first = (await server.provision()).data;
  const second = (await server.provision({ client: { externalId: 101 } })).data;
  const moderator = (await bridge.ask({ digits: first.passCodes.moderatorPassCode })).json;
  const participant = (await bridge.ask({ digits: first.passCodes.participantPassCode })).json;
  const other = (await bridge.ask({ digits: second.passCodes.moderatorPassCode })).json;
  assert.match(moderator.conference, /^c-[0-9a-f]{32}$/);
  assert.deepEqual(moderator, {
    action: 'accept',
    role: 'moderator',
    conference: moderator.conference,
    reservationId: 1,
    client: { clientId: first.clientId, externalId: 100 },
    company: { companyId: first.companyId, externalId: 50, name: 'Company Name' },
    limits: { waitForModerator: false },
  });
  assert.deepEqual(participant, { ...moderator, role: 'participant' });
  assert.notEqual(other.conference, moderator.conference);
  assert.doesNotMatch(moderator.conference, new RegExp(String(first.clientId)));
});

test('nothing keyed yet asks for a pass code; what ends or divides the digits does not matter', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { moderatorPassCode } = (await server.provision()).data.passCodes;
  for (const digits of [undefined, '', '#', ' *']) {
    assert.deepEqual((await bridge.ask({ digits })).json, { action: 'request_pass_code', triesLeft: 3 });
  }
  const keyed = `${moderatorPassCode.slice(0, 3)} ${moderatorPassCode.slice(3)}#`;
  assert.equal((await bridge.ask({ digits: keyed })).json.action, 'accept');
  assert.equal((await bridge.ask({ digits: Number(moderatorPassCode) as never })).json.action, 'accept');
});

test('a call has three tries, counted over restarts, and is then dropped, right code or not', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { moderatorPassCode } = (await server.provision()).data.passCodes;
  const ask = async (digits: string) => (await bridge.ask({ callId: 'one', digits })).json;
  assert.deepEqual(await ask('123'), NOT_RECOGNISED);
  assert.deepEqual(await ask(UNKNOWN), { ...NOT_RECOGNISED, triesLeft: 1 });
  await server.stop();
  const again = await startTestServer(t, server.settings);
  const askAgain = async (digits: string) => (await bridge.ask({ callId: 'one', digits }, again)).json;
  assert.deepEqual(await askAgain(UNKNOWN), { action: 'drop' });
  assert.deepEqual(await askAgain(moderatorPassCode), { action: 'drop' });
  assert.equal((await bridge.ask({ callId: 'two', digits: moderatorPassCode }, again)).json.action, 'accept');
});

test('inactive, terminated, erased, rotated-out and unknown codes answer alike; a reactivated one opens again', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const codes: string[] = [];
  const make = async (externalId: number) => (await server.provision({ client: { externalId } })).data;
  const inactive = await make(1);
  await server.post(DEACTIVATE, { clientId: inactive.clientId });
  const terminated = await make(2);
  await server.post(`/v1/clients/${terminated.clientId}/terminate`, {});
  const erased = await make(3);
  await server.post(`/v1/clients/${erased.clientId}/erase`, {});
  const rotated = await make(4);
  const { passCodes: fresh } = (await server.post(`/v1/clients/${rotated.clientId}/rotate-passcodes`, { overlapMinutes: 0 })).json;
  for (const { passCodes } of [inactive, terminated, erased, rotated])
    codes.push(passCodes.moderatorPassCode, passCodes.participantPassCode);
  const unknown = await bridge.ask({ digits: UNKNOWN });
  const shape = ({ headers, ...answer }: typeof unknown) => [
    answer,
    [...headers].filter(([name]) => !/^(date|x-request-id|x-ratelimit|ratelimit)/.test(name)),
  ];
  for (const [i, digits] of codes.entries())
    assert.deepEqual(shape(await bridge.ask({ digits, caller: `+1416555${String(1000 + i)}` })), shape(unknown));
  assert.equal((await bridge.ask({ digits: fresh.moderatorPassCode })).json.action, 'accept');
  await server.post(REACTIVATE, { clientId: inactive.clientId });
  assert.equal((await bridge.ask({ digits: inactive.passCodes.moderatorPassCode })).json.action, 'accept');
});

test('while the overlap of a rotation lasts both pairs open the same conference, and not a moment longer', async (t) => {
  const server = await startTestServer(t);
  const bridge = await makeBridge(server);
  const { clientId, passCodes } = (await server.provision()).data;
  const { conference } = (await bridge.ask({ digits: passCodes.moderatorPassCode })).json;
  const rotated = (await server.post(`/v1/clients/${clientId}/rotate-passcodes`, { overlapMinutes: 10 })).json;
  for (const pair of [passCodes, rotated.passCodes])
    for (const digits of [pair.moderatorPassCode, pair.participantPassCode])
      assert.equal((await bridge.ask({ digits })).json.conference, conference);
  server.advance(10 * 60_000 + 1_000);
  assert.deepEqual((await bridge.ask({ digits: passCodes.participantPassCode })).json, NOT_RECOGNISED);
  assert.equal((await bridge.ask({ digits: rotated.passCodes.participantPassCode })).json.conference, conference);
});

test('walls: a bridge or a number of a tenant opens its codes alone; others answer as unknown codes do', async (t) => {
  const server = await startTestServer(t);
  const otherToken = await server.addTenant('other');
  const ours = (await server.provision()).data.passCodes.moderatorPassCode;
  const theirs = (await server.provision({}, { 'X-AUTH-TOKEN': otherToken })).data.passCodes.moderatorPassCode;
  const [bridge, otherBridge, shared] = [await makeBridge(server), await makeBridge(server, 'other'), await makeBridge(server, null)];
  assert.deepEqual((await bridge.ask({ digits: theirs })).json, NOT_RECOGNISED);
  assert.deepEqual((await otherBridge.ask({ digits: ours })).json, NOT_RECOGNISED);
  assert.equal((await otherBridge.ask({ digits: theirs })).json.action, 'accept');
  for (const digits of [ours, theirs]) assert.equal((await shared.ask({ digits })).json.action, 'accept');
  assert.equal((await shared.ask({ digits: ours, accessNumber: '+15145550199' })).json.action, 'accept');

  await putInService(server, NUMBER, 'default');
  await putInService(server, '+15145550101', null);
  assert.equal((await shared.ask({ digits: ours, accessNumber: NUMBER })).json.action, 'accept');
  assert.deepEqual((await shared.ask({ digits: theirs, accessNumber: NUMBER })).json, NOT_RECOGNISED);
  assert.equal((await shared.ask({ digits: theirs, accessNumber: '+15145550101' })).json.action, 'accept');
  const closed = { action: 'reject', reason: 'number_not_in_service', triesLeft: 0 };
  for (const digits of [undefined, ours, UNKNOWN]) {
    assert.deepEqual((await shared.ask({ digits, accessNumber: '+15145550199' })).json, closed);
    assert.deepEqual((await otherBridge.ask({ digits, accessNumber: NUMBER })).json, closed);
  }
  assert.equal((await bridge.ask({ digits: ours, accessNumber: '+15145550199' })).json.action, 'accept');
});
