import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { revoke } from '../support/admission.ts';
import { conferenceIn, patchRails } from '../support/engine-cases.ts';
import { type EngineChoices, makeEngine } from '../support/engines.ts';
import { askToken, callsFor, dial, LIVEKIT, participants, putRule, rules, sip, tellLiveKit } from '../support/engines/livekit.ts';
import { askDoctor } from '../support/doctor.ts';
import { get } from '../support/resources.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const TRUNK = 'ST_2vTJ6Nqy8Xvg';
const OTHER_TRUNK = 'ST_another';
const WITH_SIP = { ...LIVEKIT, settings: { ...LIVEKIT.settings, sipTrunks: `${TRUNK},${OTHER_TRUNK}` } };
const MINUTE_MS = 60_000;

interface Phones {
  server: TestServer;
  bridgeId: number;
  token: string;
}

async function startPhones(t: TestContext, choices: EngineChoices = WITH_SIP): Promise<Phones> {
  const server = await startTestServer(t);
  // After the server's own hook, that is once it has stopped: before, it may still be about to make a rule.
  t.after(() => {
    Object.assign(sip, { fault: 'none', knowsPages: true, now: Date.now });
    rules.clear();
  });
  sip.now = () => server.now();
  return { server, ...(await makeEngine(server, 'livekit', choices)) };
}

const opens = (code: string): Promise<void> => until(`a code opens at LiveKit`, () => dial(TRUNK, code) !== 'refused');
const opensNothing = (code: string): Promise<void> => until('a code opens nothing at LiveKit', () => dial(TRUNK, code) === 'refused');

async function metric(server: TestServer, name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

test('both codes open the one room that a token opens, by role; no other code and no other trunk does, and numbers are not shown', async (t) => {
  const { server, bridgeId, token } = await startPhones(t);
  const { moderatorPassCode, participantPassCode } = (await server.provision()).data.passCodes;
  await opens(participantPassCode);
  await opens(moderatorPassCode);
  const room = conferenceIn(await askToken(server.url, token, { code: moderatorPassCode }));
  assert.deepEqual(dial(TRUNK, moderatorPassCode), { room, role: 'moderator' });
  assert.deepEqual(dial(OTHER_TRUNK, participantPassCode), { room, role: 'participant' });
  assert.equal(dial('ST_a_third', moderatorPassCode), 'refused');
  assert.equal(dial(TRUNK, '1234567890'), 'refused');
  for (const rule of rules.values()) {
    assert.deepEqual([rule.hide_phone_number, rule.name, rule.room_config], [true, `parley-${bridgeId}`, undefined]);
  }
});

test('deactivated, terminated and erased clients open nothing within seconds, and a reactivated one opens again', async (t) => {
  const { server } = await startPhones(t);
  const { clientId, passCodes } = (await server.provision()).data;
  const other = (await server.provision({ client: { externalId: 777 } })).data;
  await opens(passCodes.moderatorPassCode);
  await opens(other.passCodes.participantPassCode);
  await server.post(DEACTIVATE, { clientId });
  for (const code of [passCodes.moderatorPassCode, passCodes.participantPassCode]) await opensNothing(code);
  await server.post(REACTIVATE, { clientId });
  for (const code of [passCodes.moderatorPassCode, passCodes.participantPassCode]) await opens(code);
  await server.post(`/v1/clients/${clientId}/terminate`, {});
  await opensNothing(passCodes.moderatorPassCode);
  assert.notEqual(dial(TRUNK, other.passCodes.participantPassCode), 'refused');
  await server.post(`/v1/clients/${other.clientId}/erase`, {});
  await until('nothing is left', () => rules.size === 0);
});

test('rotation: both pairs open while they overlap, the old one nothing afterwards; without an overlap at once', async (t) => {
  const { server } = await startPhones(t);
  const { clientId, passCodes: old } = (await server.provision()).data;
  await opens(old.moderatorPassCode);
  await opens(old.participantPassCode);
  const rotate = async (overlapMinutes: number) =>
    (await server.post(`/v1/clients/${clientId}/rotate-passcodes`, { overlapMinutes })).json.passCodes;
  const next = await rotate(90);
  await opens(next.participantPassCode);
  await opens(next.moderatorPassCode);
  assert.notEqual(dial(TRUNK, old.moderatorPassCode), 'refused');
  assert.deepEqual(dial(TRUNK, old.participantPassCode), dial(TRUNK, next.participantPassCode));
  server.advance(91 * MINUTE_MS);
  await opensNothing(old.moderatorPassCode);
  await opensNothing(old.participantPassCode);
  const last = await rotate(0);
  await opensNothing(next.moderatorPassCode);
  await opens(last.moderatorPassCode);
});

test('what LiveKit cannot keep is not told to it: a company that requires a moderator or certain countries; its limit goes along', async (t) => {
  const { server } = await startPhones(t);
  const { companyId, passCodes } = (await server.provision()).data;
  const code = passCodes.participantPassCode;
  await opens(code);
  for (const rails of [
    { moderatorRequired: true, maxParticipants: 5 },
    { moderatorRequired: false, allowedCallerCountries: ['DE'] },
  ]) {
    await patchRails(server, companyId, rails);
    await opensNothing(code);
  }
  await patchRails(server, companyId, { allowedCallerCountries: null });
  await opens(code);
  const limitOf = (pin: string): number | undefined =>
    [...rules.values()].find(({ rule }) => rule.dispatch_rule_direct.pin === pin)?.room_config?.max_participants;
  for (const pin of [code, passCodes.moderatorPassCode]) await until('the limit is there', () => limitOf(pin) === 5);
});

test('a tenant’s bridge is told its own codes, a shared one everybody’s, one without trunks none; rules of others are left alone', async (t) => {
  const { server } = await startPhones(t, LIVEKIT);
  const strangers = await server.addTenant('stranger');
  const ours = (await server.provision()).data.passCodes.moderatorPassCode;
  const theirs = (await server.provision({}, { 'X-AUTH-TOKEN': strangers })).data.passCodes.moderatorPassCode;
  const foreign = {
    name: 'support line',
    rule: { dispatch_rule_direct: { room_name: 'open-room', pin: '4711' } },
    trunk_ids: [TRUNK],
    hide_phone_number: false,
    attributes: {},
  };
  const foreignId = putRule(foreign);
  const { bridgeId } = await makeEngine(server, 'livekit', WITH_SIP);
  await opens(ours);
  assert.equal(dial(TRUNK, theirs), 'refused');
  await revoke(server, bridgeId);
  await opensNothing(ours);
  await makeEngine(server, 'livekit', { ...WITH_SIP, tenant: null });
  await opens(ours);
  await opens(theirs);
  assert.ok(rules.has(foreignId));
});

test('parley doctor says that no limit on guesses holds where LiveKit compares the codes', async (t) => {
  const { server, bridgeId } = await startPhones(t);
  const told = async () => (await askDoctor(server.settings)).filter(({ check }) => check === 'told codes');
  const [finding] = await told();
  assert.ok(finding);
  assert.deepEqual([finding.result, /no limit on guesses holds there/.test(finding.detail)], ['warning', true]);
  await revoke(server, bridgeId);
  assert.deepEqual(await told(), []);
});

test('a bridge that is revoked: its codes are taken back, also where LiveKit was away, and only then its secrets are forgotten', async (t) => {
  const { server, bridgeId } = await startPhones(t);
  await server.provision();
  await until('both rules are there', () => rules.size === 2);
  sip.fault = 'away';
  await revoke(server, bridgeId);
  await until('the failure is counted', async () => (await metric(server, 'parley_engine_failures_total{engine="livekit"}')) > 0);
  assert.match(server.logged(), /"detail":"the engine answered 503"/);
  assert.equal(rules.size, 2);
  const hasSecrets = async (): Promise<boolean> => (await server.query('select secrets_sealed from bridges'))[0]?.secrets_sealed !== null;
  assert.equal(await hasSecrets(), true);
  sip.fault = 'none';
  server.advance(MINUTE_MS);
  await until('all are taken back', () => rules.size === 0);
  await until('the secrets are forgotten', async () => !(await hasSecrets()));
});

test('LiveKit is away while a client is deactivated: its codes open nothing as soon as it is back, and what is yet to be done is a metric', async (t) => {
  const { server } = await startPhones(t);
  const { clientId, passCodes } = (await server.provision()).data;
  await opens(passCodes.moderatorPassCode);
  await until('both rules are counted', async () => (await metric(server, 'parley_dispatch_rules')) === 2);
  sip.fault = 'away';
  await server.post(DEACTIVATE, { clientId });
  await until('it is tried', async () => (await metric(server, 'parley_engine_failures_total{engine="livekit"}')) > 0);
  assert.equal(await metric(server, 'parley_dispatch_rules_pending'), 2);
  sip.fault = 'none';
  server.advance(MINUTE_MS);
  await opensNothing(passCodes.moderatorPassCode);
  await until('nothing is left to do', async () => (await metric(server, 'parley_dispatch_rules_pending')) === 0);
});

test('answers that are lost: what was made is not made twice, and what was deleted is not missed', async (t) => {
  const { server } = await startPhones(t);
  sip.fault = 'loses answers';
  const { clientId, passCodes } = (await server.provision()).data;
  await until('it was tried', async () => (await metric(server, 'parley_engine_failures_total{engine="livekit"}')) > 0);
  sip.fault = 'none';
  server.advance(MINUTE_MS);
  await opens(passCodes.moderatorPassCode);
  await opens(passCodes.participantPassCode);
  assert.equal(rules.size, 2);
  sip.fault = 'loses answers';
  await server.post(DEACTIVATE, { clientId });
  await until('it was tried again', async () => (await metric(server, 'parley_dispatch_rules_pending')) > 0);
  sip.fault = 'none';
  server.advance(MINUTE_MS);
  await opensNothing(passCodes.moderatorPassCode);
  await opensNothing(passCodes.participantPassCode);
});

test('after a restart, and after somebody changed the rules at LiveKit, they are as they should be again, page by page', async (t) => {
  const { server } = await startPhones(t);
  const clients: { passCodes: Record<'moderatorPassCode' | 'participantPassCode', string> }[] = [];
  for (let externalId = 1; externalId <= 60; externalId++) clients.push((await server.provision({ client: { externalId } })).data);
  await until('all are there', () => rules.size === 120);
  await server.stop();
  const codeOf = (i: number): string => clients[i]?.passCodes.moderatorPassCode ?? '';
  const ruleOf = (code: string) => [...rules.values()].find(({ rule }) => rule.dispatch_rule_direct.pin === code);
  rules.delete(ruleOf(codeOf(3))?.sip_dispatch_rule_id ?? '');
  const changed = ruleOf(codeOf(5));
  if (changed !== undefined) changed.rule.dispatch_rule_direct.room_name = ruleOf(codeOf(6))?.rule.dispatch_rule_direct.room_name ?? '';
  // One that a node made when it did not know yet that there is no such client any more.
  const late = putRule({
    ...(ruleOf(codeOf(7)) as any),
    rule: { dispatch_rule_direct: { room_name: roomOf(codeOf(7)), pin: '5550123456' } },
  });
  const again = await startTestServer(t, server.settings);
  sip.now = () => again.now();
  await until('all are right again', () => !rules.has(late) && rules.size === 120 && roomOf(codeOf(5)) !== roomOf(codeOf(6)));
  assert.equal(roomOf(codeOf(3)), roomOf(clients[3]?.passCodes.participantPassCode ?? ''));
  sip.knowsPages = false;
  rules.delete(ruleOf(codeOf(3))?.sip_dispatch_rule_id ?? '');
  again.advance(MINUTE_MS);
  await opens(codeOf(3));
  assert.equal(rules.size, 120);
  function roomOf(code: string): string {
    const found = dial(TRUNK, code);
    return found === 'refused' ? '' : found.room;
  }
});

test('who calls in is on record with the role of the code, and after a deactivation the room is deleted, also where somebody made it again', async (t) => {
  const { server, token } = await startPhones(t);
  const { clientId, passCodes } = (await server.provision()).data;
  await opens(passCodes.moderatorPassCode);
  const call = dial(TRUNK, passCodes.moderatorPassCode);
  if (call === 'refused') assert.fail('the code opens nothing');
  const joins = (callId: string) => {
    participants.set(call.room, [{ identity: 'sip_1234', attributes: { role: 'moderator' } }]);
    return tellLiveKit(server, token, {
      event: 'participant_joined',
      room: { name: call.room },
      participant: { identity: 'sip_1234', kind: 'SIP', attributes: { role: call.role, 'sip.callID': callId } },
      createdAt: String(Math.floor(server.now() / 1000)),
    });
  };
  assert.equal((await joins('SCL_first')).status, 200);
  const [leg] = (await get(server, '/v1/usage')).json.items;
  assert.deepEqual([leg.callId, leg.role, leg.conference], ['SCL_first', 'moderator', call.room]);
  await server.post(DEACTIVATE, { clientId });
  const isDeleted = (): boolean => !participants.has(call.room);
  await until('the room is deleted', isDeleted);
  // With a token from the moment before, where rooms may be made by whoever comes.
  assert.equal((await joins('SCL_second')).status, 200);
  await until('the room is deleted again', isDeleted);
  assert.equal(callsFor(call.room).filter(({ method }) => method === 'DeleteRoom').length >= 2, true);
});
