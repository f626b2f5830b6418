import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { assertRefused } from '../support/admission.ts';
import { DEACTIVATE } from '../support/bodies.ts';
import { conferenceIn, patchRails, runCases, shapeOf } from '../support/engine-cases.ts';
import { aCall, assertLasted, makeEngine } from '../support/engines.ts';
import { startServerProcess } from '../support/process.ts';
import { httapiAsks, sendHttapi, sendXmlCurl } from '../support/engines/freeswitch.ts';
import { get } from '../support/resources.ts';
import { startTestServer } from '../support/server.ts';

const WRONG = '<playback file="conference/conf-bad-pin.wav"/>';
const PROMPT = String.raw`<playback name="passcode" file="conference/conf-pin.wav" loops="1" digit-timeout="3000" input-timeout="5000"><bind strip="#">=~^\d+#$</bind><bind>~^\d{10}$</bind></playback>`;
const NOT_FOUND = '<document type="freeswitch/xml"><section name="result"><result status="not found"/></section></document>';

function httapi(work: string, params = ''): string {
  return `<document type="xml/freeswitch-httapi">${params && `<params>${params}</params>`}<work>${work}</work></document>`;
}

test('mod_httapi: a moderator, a participant, an unknown, an inactive and a throttled caller', async (t) => {
  const { moderator, participant, unknown, inactive, throttled } = await runCases(t, 'freeswitch');
  const conference = conferenceIn(moderator);
  const params = `<conference>${conference}</conference>`;
  assert.equal(
    moderator.text,
    httapi(`<conference profile="default" flags="moderator|mandatory_member_endconf">${conference}</conference>`, params),
  );
  assert.deepEqual([moderator.status, moderator.headers.get('content-type')], [200, 'text/xml']);
  assert.equal(participant.text, httapi(`<conference profile="default">${conference}</conference>`, params));
  assert.equal(unknown.text, httapi(`${WRONG}${PROMPT}`, '<prompts>1</prompts>'));
  assert.equal(inactive.text, unknown.text);
  assert.deepEqual([throttled.status, throttled.text], [200, httapi(`${WRONG}<hangup/>`)]);
});

test('mod_httapi: asked three times while nothing is keyed, told three times that a code is wrong, and then hung up', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'freeswitch');
  const call = aCall();
  const silent = async (more: object) => (await sendHttapi(server.url, token, call, more)).text;
  assert.equal(await silent({}), httapi(PROMPT, '<prompts>1</prompts>'));
  assert.equal(await silent({ prompts: '2' }), httapi(PROMPT, '<prompts>3</prompts>'));
  assert.equal(await silent({ prompts: '3' }), httapi('<hangup/>'));
  assert.equal(await silent({ input_type: 'invalid', passcode: '12', prompts: '1' }), httapi(PROMPT, '<prompts>2</prompts>'));
  const wrong = async () => (await httapiAsks(server, token, { ...call, digits: '9070605040' })).text;
  assert.deepEqual(
    [await wrong(), await wrong(), await wrong(), await wrong()].map((text) => text.includes('<bind')),
    [true, true, false, false],
  );
});

test('mod_httapi: hanging up is answered OK and is the end of the leg; who is thrown out is hung up', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'freeswitch');
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const call = aCall({ digits });
  const conference = conferenceIn(await httapiAsks(server, token, call));
  server.advance(60_000);
  const gone = await sendHttapi(server.url, token, aCall({ callId: call.callId }), { conference, exiting: 'true' });
  assert.deepEqual([gone.status, gone.headers.get('content-type'), gone.text], [200, 'text/plain', 'OK']);
  assert.equal((await sendHttapi(server.url, token, aCall(), { exiting: 'true' })).text, 'OK');
  const [leg] = (await get(server, '/v1/usage')).json.items;
  assert.deepEqual([leg.callId, leg.endedBy], [call.callId, 'report']);
  assertLasted(leg, 60);
  const thrownOut = aCall({ digits });
  await httapiAsks(server, token, thrownOut);
  for (const keyed of [{}, { digits }]) {
    const back = await sendHttapi(server.url, token, aCall({ callId: thrownOut.callId, ...keyed }), { conference });
    assert.equal(back.text, httapi('<hangup/>'));
  }
  assert.deepEqual((await get(server, '/v1/conferences')).json.items, []);
});

test('mod_httapi: where it may execute applications the duration is kept, and participants wait in a profile of their own', async (t) => {
  const server = await startTestServer(t);
  const settings = { executesApps: 'yes', profile: 'wide', waitProfile: 'held', enterSound: 'ivr/welcome.wav' };
  const { token } = await makeEngine(server, 'freeswitch', { settings });
  const { companyId, passCodes } = (await server.provision()).data;
  await patchRails(server, companyId, { moderatorRequired: true, maxDurationSeconds: 3600 });
  const enter = async (digits: string) => (await httapiAsks(server, token, aCall({ digits }))).text;
  const execute = (name: string, rest: string) =>
    httapi(
      `<execute application="sched_hangup" data="+3600 allotted_timeout"/><execute application="conference" data="${name}@${rest}"/>`,
      `<conference>${name}</conference>`,
    );
  const held = await enter(passCodes.participantPassCode);
  const conference = conferenceIn({ status: 200, text: held, headers: new Headers() });
  assert.equal(held, execute(conference, 'held'));
  assert.equal(await enter(passCodes.moderatorPassCode), execute(conference, 'wide+flags{moderator|mandatory_member_endconf}'));
  assert.match((await httapiAsks(server, token, aCall())).text, /file="ivr\/welcome\.wav"/);
  const hostile: [string, RegExp][] = [
    ['default+flags{moderator}', /^settings\.profile must be the name/],
    ['${system rm}', /^settings\.profile must be/],
  ];
  for (const [profile, sentence] of hostile) await assertRefused(makeEngine(server, 'freeswitch', { settings: { profile } }), sentence);
});

test('mod_xml_curl: the code as the destination, in the context that was asked for; anything else is not found', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'freeswitch');
  const { clientId, companyId, passCodes } = (await server.provision()).data;
  await patchRails(server, companyId, { maxDurationSeconds: 3600 });
  const dial = (digits: string, more = {}) => sendXmlCurl(server.url, token, aCall({ digits }), more);
  const moderator = await dial(passCodes.moderatorPassCode);
  const conference = conferenceIn(moderator);
  const dialplan = (target: string) =>
    `<document type="freeswitch/xml"><section name="dialplan" description="Parley"><context name="conferences"><extension name="parley"><condition>` +
    '<action application="answer"/><action application="sched_hangup" data="+3600 allotted_timeout"/>' +
    `<action application="conference" data="${target}"/><action application="hangup"/></condition></extension></context></section></document>`;
  assert.deepEqual([moderator.status, moderator.text], [200, dialplan(`${conference}@default+flags{moderator|mandatory_member_endconf}`)]);
  assert.equal((await dial(passCodes.participantPassCode)).text, dialplan(`${conference}@default`));
  const unknown = await dial('9070605040');
  assert.deepEqual([unknown.status, unknown.text], [200, NOT_FOUND]);
  for (const other of [dial('1001'), dial(passCodes.moderatorPassCode, { section: 'directory' })])
    assert.deepEqual(shapeOf(await other), shapeOf(unknown));
  const oneCall = aCall({ digits: '9070605040' });
  for (let i = 0; i < 4; i++) assert.deepEqual(shapeOf(await sendXmlCurl(server.url, token, oneCall)), shapeOf(unknown));
  await server.post(DEACTIVATE, { clientId });
  assert.deepEqual(shapeOf(await dial(passCodes.moderatorPassCode)), shapeOf(unknown));
  assert.equal((await sendXmlCurl(server.url, 'parley_bridge_none', aCall())).status, 401);
});

test('mod_xml_curl: in another context a number is a telephone, and no guess; which context is ours is a setting', async (t) => {
  const server = await startTestServer(t);
  const [plain, own] = [await makeEngine(server, 'freeswitch'), await makeEngine(server, 'freeswitch', { settings: { context: 'codes' } })];
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const dial = async (token: string, context: string, number = digits) =>
    (await sendXmlCurl(server.url, token, aCall({ digits: number }), { 'Hunt-Context': context, 'Caller-Context': context })).text;
  for (const context of ['default', 'public', 'codes', '']) assert.equal(await dial(plain.token, context), NOT_FOUND, context);
  assert.match(await dial(plain.token, 'conferences'), /application="conference"/);
  assert.equal(await dial(own.token, 'conferences'), NOT_FOUND);
  assert.match(await dial(own.token, 'codes'), /<context name="codes">/);
  const misses = async () =>
    /^parley_admission_misses_total\{why="unknown"\} (\d+)$/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1];
  const before = await misses();
  for (const number of ['4165550199', '5145550199']) assert.equal(await dial(plain.token, 'default', number), NOT_FOUND);
  assert.equal(await misses(), before);
  assert.equal(await dial(plain.token, 'conferences', '4165550199'), NOT_FOUND);
  assert.notEqual(await misses(), before);
});

test('before FreeSWITCH 1.10.10 the last moderator is said in another way', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'freeswitch', { settings: { endFlag: 'endconf' } });
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  assert.match((await httapiAsks(server, token, aCall({ digits }))).text, / flags="moderator\|endconf">/);
  assert.match((await sendXmlCurl(server.url, token, aCall({ digits }))).text, /\+flags\{moderator\|endconf\}/);
  await assertRefused(makeEngine(server, 'freeswitch', { settings: { endFlag: 'endconf|mute' } }), /settings\.endFlag must be/);
});

test('a number that its caller hides is nobody’s: it comes from no country, by either module', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'freeswitch');
  const { companyId, passCodes } = (await server.provision()).data;
  await patchRails(server, companyId, { allowedCallerCountries: ['CA'] });
  const digits = passCodes.participantPassCode;
  for (const [hidden, isIn] of [
    ['false', true],
    ['true', false],
  ] as const) {
    const more = { 'Caller-Privacy-Hide-Number': hidden };
    assert.equal((await sendHttapi(server.url, token, aCall({ digits }), more)).text.includes('<conference>'), isIn);
    assert.equal((await sendXmlCurl(server.url, token, aCall({ digits }), more)).text.includes('"conference"'), isIn);
  }
});

test('a full conference is told as full, and not as a wrong code', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'freeswitch');
  const other = await makeEngine(server, 'freeswitch', { settings: { fullSound: 'ivr/full.wav' } });
  const { companyId, passCodes } = (await server.provision()).data;
  await patchRails(server, companyId, { maxParticipants: 1 });
  const enter = async (credential: string) => (await httapiAsks(server, credential, aCall({ digits: passCodes.participantPassCode }))).text;
  assert.match(await enter(token), /<conference /);
  assert.equal(await enter(token), httapi('<playback file="conference/conf-locked.wav"/><hangup/>'));
  assert.equal(await enter(other.token), httapi('<playback file="ivr/full.wav"/><hangup/>'));
});

test('who hangs up before FreeSWITCH has got the answer is in no conference: a place is not kept for nobody', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'freeswitch');
  const { companyId, passCodes } = (await server.provision()).data;
  await patchRails(server, companyId, { maxParticipants: 1 });
  const digits = passCodes.moderatorPassCode;
  const call = aCall({ digits });
  assert.match((await httapiAsks(server, token, call)).text, /<conference /);
  // The answer was lost there: what it said comes back with no request after it.
  const gone = await sendHttapi(server.url, token, aCall({ callId: call.callId }), { exiting: 'true', prompts: '1' });
  assert.equal(gone.text, 'OK');
  assert.deepEqual((await get(server, '/v1/conferences')).json.items, []);
  assert.match((await httapiAsks(server, token, aCall({ digits }))).text, /<conference /, 'the place is free');
  const another = await makeEngine(server, 'freeswitch');
  await sendHttapi(server.url, another.token, aCall({ callId: call.callId }), { exiting: 'true' });
  assert.equal((await get(server, '/v1/conferences')).json.items.length, 1, "another bridge's call is another call");
});

test('mod_xml_curl: an answer for which FreeSWITCH has not waited lets nobody in', async (t) => {
  const stopped = await startTestServer(t);
  const { token } = await makeEngine(stopped, 'freeswitch');
  const { clientId, passCodes } = (await stopped.provision()).data;
  await stopped.stop();
  const server = await startServerProcess(t, stopped.settings);
  const send = (digits: string, callId: string): Promise<void> =>
    new Promise((resolve) => {
      const form = { section: 'dialplan', 'Hunt-Context': 'conferences', 'Hunt-Destination-Number': digits, 'Unique-ID': callId };
      const body = new URLSearchParams(form).toString();
      const head = `POST /admission/freeswitch/k/${token}/xml-curl HTTP/1.1\r\nHost: parley\r\nContent-Length: ${body.length}\r\n`;
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.write(`${head}Content-Type: application/x-www-form-urlencoded\r\n\r\n${body}`, () => {
        socket.resetAndDestroy();
        resolve();
      });
    });
  server.child.kill('SIGSTOP');
  for (const callId of ['a', 'b', 'c']) await send(passCodes.moderatorPassCode, callId);
  server.child.kill('SIGCONT');
  assert.equal((await sendXmlCurl(server.url, token, aCall({ digits: passCodes.moderatorPassCode, callId: 'd' }))).status, 200);
  const { items } = (await get(server, `/v1/usage?clientId=${clientId}`)).json;
  const open = items.filter(({ leftAt }: { leftAt: string | null }) => leftAt === null);
  assert.deepEqual(
    open.map(({ callId }: { callId: string }) => callId),
    ['d'],
  );
});
