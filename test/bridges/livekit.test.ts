import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEACTIVATE } from '../support/bodies.ts';
import { conferenceIn, patchRails, runCases } from '../support/engine-cases.ts';
import { makeEngine } from '../support/engines.ts';
import { askToken, callsFor, LIVEKIT, participants, readToken, SOCKET_URL, tellLiveKit } from '../support/engines/livekit.ts';
import { get } from '../support/resources.ts';
import { startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const REFUSED = '{"message":"This pass code opens nothing."}';

test('token: a moderator, a participant, an unknown, an inactive and a throttled caller', async (t) => {
  const { moderator, participant, unknown, inactive, throttled } = await runCases(t, 'livekit');
  const room = conferenceIn(moderator);
  for (const [answer, role] of [
    [moderator, 'moderator'],
    [participant, 'participant'],
  ] as const) {
    const { token, ...where } = JSON.parse(answer.text);
    assert.deepEqual([answer.status, where], [200, { url: SOCKET_URL, room }]);
    const { sub, name, attributes, video, exp, nbf } = await readToken(token);
    assert.match(sub, /^CA\d{32}$/);
    assert.deepEqual([name, attributes, exp - nbf], ['Alice', { role }, 70]);
    assert.deepEqual(video, { room, roomJoin: true, roomAdmin: role === 'moderator', canPublish: true, canSubscribe: true });
  }
  assert.deepEqual(callsFor(room)[0], { method: 'CreateRoom', body: { name: room, empty_timeout: 300 } });
  for (const refused of [unknown, inactive, throttled]) assert.deepEqual([refused.status, refused.text], [403, REFUSED]);
});

test('token: where a moderator is required participants get none until one is in; the limit goes with the room', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'livekit');
  const { companyId, passCodes } = (await server.provision()).data;
  await patchRails(server, companyId, { moderatorRequired: true, maxParticipants: 5 });
  const ask = (code: string) => askToken(server.url, token, { code });
  const early = await ask(passCodes.participantPassCode);
  assert.deepEqual([early.status, early.headers.get('retry-after'), conferenceIn(early)], [409, '5', 'none']);
  const room = conferenceIn(await ask(passCodes.moderatorPassCode));
  assert.equal(callsFor(room).at(-1)?.body.max_participants, 5);
  participants.set(room, [{ identity: 'a', attributes: { role: 'participant' } }]);
  assert.equal((await ask(passCodes.participantPassCode)).status, 409);
  participants.set(room, [{ identity: 'b', attributes: { role: 'moderator' } }]);
  assert.equal((await ask(passCodes.participantPassCode)).status, 200);
});

test('webhook: who joins and leaves becomes usage; what is not signed over this body is not heard', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'livekit');
  const { moderatorPassCode: code } = (await server.provision()).data.passCodes;
  const name = conferenceIn(await askToken(server.url, token, { code, call: 'visit-1' }));
  // LiveKit tells whole seconds.
  const startedAt = Math.floor(server.now() / 1000);
  const happened = (event: string, room = name, afterSeconds = 0) => ({
    event,
    room: { sid: 'RM_hycBMAjmt6Ub', name: room },
    participant: { sid: 'PA_gcrB2EqGzzGp', identity: 'visit-1', state: 'ACTIVE' },
    id: 'EV_eugWmGhovZmm',
    createdAt: String(startedAt + afterSeconds),
  });
  const joined = happened('participant_joined');
  const refused = [
    tellLiveKit(server, token, joined, { secret: 'another-secret-of-at-least-thirty-two-bytes' }),
    tellLiveKit(server, token, joined, { sent: happened('participant_left') }),
    tellLiveKit(server, token, joined, { now: server.now() - 600_000 }),
    fetch(`${server.url}/admission/livekit/k/${token}/webhook`, { method: 'POST', body: JSON.stringify(joined) }),
  ];
  for (const { status } of await Promise.all(refused)) assert.equal(status, 401);
  assert.equal((await tellLiveKit(server, token, joined)).status, 200);
  server.advance(60_000);
  for (const other of [happened('room_finished'), happened('participant_joined', 'another room')])
    assert.equal((await tellLiveKit(server, token, other)).status, 200);
  assert.equal((await tellLiveKit(server, token, happened('participant_left', name, 60))).status, 200);
  const [leg, ...others] = (await get(server, '/v1/usage')).json.items;
  assert.deepEqual([leg.conference, leg.callId, leg.endedBy, leg.seconds, others], [name, 'visit-1', 'report', 60, []]);
});

test('a server that is away or refuses the key gets nobody a token; at deactivation the room is deleted all the same', async (t) => {
  const server = await startTestServer(t);
  const { clientId, passCodes } = (await server.provision()).data;
  const code = passCodes.moderatorPassCode;
  const wrong = [
    { ...LIVEKIT, secrets: { apiSecret: 'another-secret-of-at-least-thirty-two-bytes' } },
    { ...LIVEKIT, settings: { ...LIVEKIT.settings, url: 'http://127.0.0.1:9' } },
  ];
  for (const choices of wrong) {
    const { token } = await makeEngine(server, 'livekit', choices);
    const answer = await askToken(server.url, token, { code });
    assert.deepEqual([answer.status, JSON.parse(answer.text).code], [503, 'ENGINE_UNAVAILABLE']);
    assert.deepEqual((await get(server, '/v1/conferences')).json.items, [], 'nobody is in who got no token');
  }
  const { token } = await makeEngine(server, 'livekit');
  const room = conferenceIn(await askToken(server.url, token, { code }));
  await server.post(DEACTIVATE, { clientId });
  await until('the room was deleted', () => callsFor(room).some(({ method }) => method === 'DeleteRoom'));
  assert.equal(participants.has(room), false);
});
