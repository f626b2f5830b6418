import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { checksumOf } from '../../src/engine/big-blue-button.ts';
import { DEACTIVATE } from '../support/bodies.ts';
import { conferenceIn, patchRails, runCases } from '../support/engine-cases.ts';
import { makeEngine } from '../support/engines.ts';
import { BIGBLUEBUTTON, callsOf, ENGINE_URL, join, SECRET } from '../support/engines/bigbluebutton.ts';
import { get } from '../support/resources.ts';
import { startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

test("BigBlueButton's documented checksum is ours", () => {
  const query = 'name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444';
  assert.equal(checksumOf('sha1', 'create', query, SECRET), '1fcbb0c4fc1f039f73aa6d697d2db9ba7f803f17');
});

test('BigBlueButton: a moderator, a participant, an unknown, an inactive and a throttled caller', async (t) => {
  const { moderator, participant, unknown, inactive, throttled } = await runCases(t, 'bigbluebutton');
  const conference = conferenceIn(moderator);
  const joins = (role: string) => {
    const query = `fullName=Alice+%26+Bob&meetingID=${conference}&role=${role}&createTime=1531155809613`;
    const checksum = createHash('sha256').update(`join${query}${SECRET}`).digest('hex');
    return `${ENGINE_URL}/api/join?${query}&checksum=${checksum}`;
  };
  assert.deepEqual([moderator.status, moderator.text], [302, joins('MODERATOR')]);
  assert.deepEqual([participant.status, participant.text], [302, joins('VIEWER')]);
  assert.deepEqual(
    callsOf(conference).map(({ name, parameters: { checksum: _checksum, ...parameters } }) => [name, parameters]),
    Array.from({ length: 2 }, () => ['create', { name: 'Company Name', meetingID: conference }]),
  );
  for (const refused of [unknown, inactive, throttled]) {
    assert.deepEqual([refused.status, refused.headers.get('location'), refused.text], [403, null, unknown.text]);
    assert.match(refused.text, /<p role="alert">That pass code was not recognised\.<\/p>/);
  }
});

test('BigBlueButton: the rails go with the meeting; without a code there is a form, and nothing else in it', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'bigbluebutton');
  const { companyId, passCodes } = (await server.provision()).data;
  await patchRails(server, companyId, { moderatorRequired: true, maxParticipants: 25, maxDurationSeconds: 3601 });
  const waiting = await join(server.url, token, { code: passCodes.participantPassCode, name: ' ' });
  const { searchParams } = new URL(waiting.text);
  assert.deepEqual([searchParams.get('guest'), searchParams.get('fullName')], ['true', 'Guest']);
  const [created] = callsOf(conferenceIn(waiting));
  const { maxParticipants, duration, guestPolicy } = created?.parameters ?? {};
  assert.deepEqual([maxParticipants, duration, guestPolicy], ['25', '61', 'ASK_MODERATOR']);
  const form = await fetch(`${server.url}/admission/bigbluebutton/k/${token}/join`);
  const text = await form.text();
  assert.deepEqual([form.status, form.headers.get('cache-control')], [200, 'no-store']);
  assert.match(form.headers.get('content-security-policy') ?? '', /^default-src 'none'; form-action 'self' http:\/\/127\.0\.0\.1:\d+;/);
  assert.match(text, /^<!doctype html><html lang="en">.*<form method="post">.*name="code".*<\/html>$/);
  const byLink = await fetch(`${form.url}?code=${passCodes.moderatorPassCode}&name=Alice`, { redirect: 'manual' });
  assert.match(byLink.headers.get('location') ?? '', /&role=MODERATOR&/);
});

test('BigBlueButton: one that refuses or is away lets nobody in, and nothing of the secret or the address is told', async (t) => {
  const server = await startTestServer(t);
  const { passCodes } = (await server.provision()).data;
  const wrong = [
    { ...BIGBLUEBUTTON, secrets: { secret: 'another-secret' } },
    { ...BIGBLUEBUTTON, settings: { url: 'http://127.0.0.1:9/bigbluebutton' } },
  ];
  for (const choices of wrong) {
    const { token } = await makeEngine(server, 'bigbluebutton', choices);
    const answer = await join(server.url, token, { code: passCodes.moderatorPassCode, name: 'Alice' });
    assert.deepEqual([answer.status, JSON.parse(answer.text).code, answer.headers.get('location')], [503, 'ENGINE_UNAVAILABLE', null]);
  }
  assert.match(server.logged(), /BigBlueButton refuses \(checksumError\)/);
  for (const secret of ['another-secret', 'checksum=', passCodes.moderatorPassCode]) assert.ok(!server.logged().includes(secret));
});

test('BigBlueButton: when its client is deactivated the meeting is ended at BigBlueButton, and the legs with it', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'bigbluebutton');
  const { clientId, passCodes } = (await server.provision()).data;
  const conference = conferenceIn(await join(server.url, token, { code: passCodes.moderatorPassCode, name: 'Alice' }));
  await server.post(DEACTIVATE, { clientId });
  await until('the meeting was ended', () => callsOf(conference).some(({ name }) => name === 'end'));
  await until('the leg has ended', async () => (await get(server, '/v1/usage')).json.items[0].endedBy === 'ejection');
});
