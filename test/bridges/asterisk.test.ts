import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALLER, NUMBER } from '../support/admission.ts';
import { conferenceIn, patchRails, runCases } from '../support/engine-cases.ts';
import { aCall, assertLasted, makeEngine } from '../support/engines.ts';
import { asteriskAsks, curl } from '../support/engines/asterisk.ts';
import { get } from '../support/resources.ts';
import { startTestServer } from '../support/server.ts';

test('CURL: a moderator, a participant, an unknown, an inactive and a throttled caller', async (t) => {
  const { moderator, participant, unknown, inactive, throttled } = await runCases(t, 'asterisk');
  const conference = conferenceIn(moderator);
  assert.deepEqual([moderator.status, moderator.text], [200, `moderator,${conference}`]);
  assert.equal(moderator.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.equal(participant.text, `participant,${conference}`);
  for (const refused of [unknown, inactive, throttled]) assert.deepEqual([refused.status, refused.text], [200, 'deny']);
});

test('CURL: by GET too; who must wait and for how long is in fields of their own; nothing keyed is denied', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'asterisk');
  const { companyId, passCodes } = (await server.provision()).data;
  await patchRails(server, companyId, { moderatorRequired: true, maxDurationSeconds: 3600 });
  const ask = async (code: string, method: 'GET' | 'POST') =>
    (await curl(`${server.url}/admission/asterisk/k/${token}`, { code, caller: '+14165550123', number: '', call: '1732447200.17' }, method))
      .text;
  const waiting = await ask(passCodes.participantPassCode, 'GET');
  assert.match(waiting, /^participant,c-[0-9a-f]{32},wait,3600$/);
  assert.match(await ask(passCodes.moderatorPassCode, 'POST'), /^moderator,c-[0-9a-f]{32},,3600$/);
  assert.equal(await ask('', 'POST'), 'deny');
});

test('CURL: what cannot be asked never begins like an answer that lets somebody in', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'asterisk');
  const { moderatorPassCode: code } = (await server.provision()).data.passCodes;
  const address = `${server.url}/admission/asterisk`;
  const asked = [
    curl(address, { code, call: '1' }),
    curl(`${address}/k/${token.slice(0, -1)}`, { code, call: '1' }),
    curl(`${address}/k/${token}`, { code }),
    curl(`${address}/k/${token}?code=${code}`, { call: '1' }),
  ];
  const answers = await Promise.all(asked);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [401, 401, 422, 200],
  );
  for (const { text } of answers) assert.doesNotMatch(text, /^(moderator|participant)/);
});

test('CURL: who joined and who left, by the calls of the dialplan', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'asterisk');
  const call = aCall({ digits: (await server.provision()).data.passCodes.moderatorPassCode });
  const conference = conferenceIn(await asteriskAsks(server, token, call));
  const tell = (event: string) => curl(`${server.url}/admission/asterisk/k/${token}/events`, { event, conference, call: call.callId });
  assert.deepEqual(await tell('joined').then(({ status, text }) => [status, text]), [200, 'ok']);
  server.advance(90_000);
  assert.equal((await tell('left')).text, 'ok');
  assert.equal((await tell('vanished')).status, 422);
  const [leg] = (await get(server, '/v1/usage')).json.items;
  assert.deepEqual([leg.callId, leg.endedBy], [call.callId, 'report']);
  assertLasted(leg, 90);
});

test('a number that its caller hides is withheld; a full conference is told as full', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'asterisk');
  const { companyId, passCodes } = (await server.provision()).data;
  await patchRails(server, companyId, { allowedCallerCountries: ['CA'], maxParticipants: 1 });
  const ask = async (more: Record<string, string>, call: string) => {
    const form = { code: passCodes.participantPassCode, caller: CALLER, number: NUMBER, call, ...more };
    return (await curl(`${server.url}/admission/asterisk/k/${token}`, form)).text;
  };
  for (const presentation of ['prohib', 'prohib_not_screened', 'prohib_passed_screen', 'unavailable'])
    assert.equal(await ask({ presentation }, presentation), 'deny', presentation);
  assert.match(await ask({ presentation: 'allowed_not_screened' }, 'a'), /^participant,c-/);
  assert.equal(await ask({}, 'b'), 'full');
});
