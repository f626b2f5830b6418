import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jwtVerify } from 'jose';
import { assertRefused, putInService } from '../support/admission.ts';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { conferenceIn, patchRails, runCases, shapeOf } from '../support/engine-cases.ts';
import { makeEngine } from '../support/engines.ts';
import { APP_SECRET, askJitsi, JITSI } from '../support/engines/jitsi.ts';
import { startTestServer } from '../support/server.ts';

const NOT_FOUND = '{"message":"No conference mapping was found","id":0,"conference":false}';
const REFUSED = '{"message":"There is no such conference."}';

test('conferenceMapper: a moderator, a participant, an unknown, an inactive and a throttled caller', async (t) => {
  const { server, token, codes, moderator, participant, unknown, inactive, throttled } = await runCases(t, 'jitsi');
  const room = `${conferenceIn(moderator)}@conference.meet.example.com`;
  const found = `{"message":"Successfully retrieved conference mapping","id":0,"conference":"${room}"}`;
  for (const accepted of [moderator, participant]) assert.deepEqual([accepted.status, accepted.text], [200, found]);
  for (const refused of [unknown, inactive, throttled]) assert.deepEqual([refused.status, refused.text], [200, NOT_FOUND]);
  const asked = await askJitsi(server.url, token, `/conferenceMapper?id=${codes.moderatorPassCode}`);
  assert.equal(JSON.parse(asked.text).id, Number(codes.moderatorPassCode));
});

test('conferenceMapper: asked by the room it tells no code, and makes none', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'jitsi');
  const { moderatorPassCode } = (await server.provision()).data.passCodes;
  const ask = (query: string) => askJitsi(server.url, token, `/conferenceMapper${query}`);
  const room = conferenceIn(await ask(`?id=${moderatorPassCode}`));
  for (const name of [room, 'somebody']) {
    const { status, text, headers } = await ask(`?conference=${name}@conference.meet.example.com`);
    assert.deepEqual([status, JSON.parse(text).id, headers.get('access-control-allow-origin')], [200, false, 'https://meet.example.com']);
  }
  assert.equal((await ask('')).status, 405);
  assert.deepEqual(JSON.parse((await ask('?id=abc')).text), { message: 'No conference mapping was found', id: false, conference: false });
});

test('phoneNumberList: the numbers that lead to this bridge', async (t) => {
  const server = await startTestServer(t);
  await server.addTenant('other');
  await putInService(server, '+15145550100', 'default');
  await putInService(server, '+18005550100', null);
  await putInService(server, '+442079460100', 'other');
  const list = async (tenant: string | null) => {
    const { token } = await makeEngine(server, 'jitsi', { ...JITSI, tenant });
    return JSON.parse((await askJitsi(server.url, token, '/phoneNumberList')).text);
  };
  const shared = { countryCode: 'US', tollFree: true, formattedNumber: '+1 800 555 0100' };
  assert.deepEqual(await list('default'), [{ countryCode: 'CA', tollFree: false, formattedNumber: '+1 514 555 0100' }, shared]);
  assert.deepEqual(await list(null), [shared]);
});

test('reservations: a room is opened for an active client, and the reservation is refused for any other', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'jitsi');
  const { clientId, companyId, passCodes } = (await server.provision()).data;
  await patchRails(server, companyId, { moderatorRequired: true, maxParticipants: 25, maxDurationSeconds: 3600 });
  const name = conferenceIn(await askJitsi(server.url, token, `/conferenceMapper?id=${passCodes.participantPassCode}`));
  const reserve = (room: string, at = token) =>
    askJitsi(server.url, at, '/conference', { name: room, start_time: '2026-11-24T12:00:00.000Z', mail_owner: 'client1@xmpp.com' });
  const held = await reserve(name);
  const reservation = {
    id: 1,
    name,
    mail_owner: 'client1@xmpp.com',
    start_time: '2026-11-24T12:00:00.000Z',
    duration: 3600,
    max_occupants: 25,
    lobby: true,
  };
  assert.deepEqual([held.status, JSON.parse(held.text)], [200, reservation]);
  assert.equal(JSON.parse((await askJitsi(server.url, token, '/conference/1')).text).name, name);
  assert.equal((await askJitsi(server.url, token, '/conference/1', undefined, 'DELETE')).status, 200);
  await server.post(DEACTIVATE, { clientId });
  const unknown = await reserve('c-00000000000000000000000000000000');
  assert.deepEqual([unknown.status, unknown.text], [403, REFUSED]);
  for (const refused of [reserve(name), reserve('meeting')]) assert.deepEqual(shapeOf(await refused), shapeOf(unknown));
  for (const id of ['1', '2', 'x']) assert.equal((await askJitsi(server.url, token, `/conference/${id}`)).status, 404);
  await server.post(REACTIVATE, { clientId });
  assert.equal((await reserve(name)).status, 200);
  await server.addTenant('other');
  const theirs = await makeEngine(server, 'jitsi', { ...JITSI, tenant: 'other' });
  assert.equal((await reserve(name, theirs.token)).status, 403);
});

test('token: Prosody can verify who is a moderator in which room; a code that opens nothing gets none', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'jitsi');
  const { passCodes } = (await server.provision()).data;
  for (const [code, moderator] of [
    [passCodes.moderatorPassCode, true],
    [passCodes.participantPassCode, false],
  ] as const) {
    const { status, text } = await askJitsi(server.url, token, '/token', { code, name: 'Alice' });
    const { jwt, url, room } = JSON.parse(text);
    assert.deepEqual([status, url], [200, `https://meet.example.com/${room}?jwt=${jwt}`]);
    const terms = { issuer: 'parley', audience: 'jitsi', subject: 'meet.example.com', algorithms: ['HS256'] };
    const { payload } = await jwtVerify<any>(jwt, new TextEncoder().encode(APP_SECRET), terms);
    const { id, ...user } = payload.context.user;
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(user, { name: 'Alice', moderator, affiliation: moderator ? 'owner' : 'member' });
    assert.deepEqual([payload.room, (payload.exp ?? 0) - (payload.nbf ?? 0)], [room, 610]);
  }
  for (const code of ['9070605040', '']) {
    const refused = await askJitsi(server.url, token, '/token', { code });
    assert.deepEqual([refused.status, refused.text], [403, '{"message":"This pass code opens nothing."}']);
  }
  const { url, muc } = JITSI.settings;
  const unsigned = await makeEngine(server, 'jitsi', { settings: { url, muc } });
  assert.equal((await askJitsi(server.url, unsigned.token, '/token', { code: passCodes.moderatorPassCode })).status, 404);
  await assertRefused(makeEngine(server, 'jitsi', { settings: JITSI.settings }), /go together/);
});
