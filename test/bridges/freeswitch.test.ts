import assert from 'node:assert/strict';
import { assertRefused } from '../support/admission.ts';
import { test } from 'node:test';
import { DEACTIVATE } from '../support/bodies.ts';
import { conferenceIn, patchRails, runCases, shapeOf } from '../support/engine-cases.ts';
import { aCall, assertLasted, makeEngine } from '../support/engines.ts';
import { httapiAsks, sendHttapi, sendXmlCurl } from '../support/engines/freeswitch.ts';
import { get } from '../support/resources.ts';
import { startTestServer } from '../support/server.ts';

const WRONG = '<playback file="conference/conf-bad-pin.wav"/>';
const PROMPT = String.raw`<playback name="passcode" file="conference/conf-pin.wav" loops="1" digit-timeout="10000" input-timeout="5000"><bind strip="#">~\d+#</bind></playback>`;
const NOT_FOUND = '<document type="freeswitch/xml"><section name="result"><result status="not found"/></section></document>';

function httapi(work: string, params = ''): string {
  return `<document type="xml/freeswitch-httapi">${params && `<params>${params}</params>`}<work>${work}</work></document>`;
}

test('mod_httapi: a moderator, a participant, an unknown, an inactive and a throttled caller', async (t) => {
  const { moderator, participant, unknown, inactive, throttled } = await runCases(t, 'freeswitch');
  const conference = conferenceIn(moderator);
  const params = `<conference>${conference}</conference>`;
  assert.equal(moderator.text, httapi(`<conference profile="default" flags="moderator|endconf">${conference}</conference>`, params));
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
  assert.equal(await enter(passCodes.moderatorPassCode), execute(conference, 'wide+flags{moderator|endconf}'));
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
  const dialplan = (target: string, context = 'conferences') =>
    `<document type="freeswitch/xml"><section name="dialplan" description="Parley"><context name="${context}"><extension name="parley"><condition>` +
    '<action application="answer"/><action application="sched_hangup" data="+3600 allotted_timeout"/>' +
    `<action application="conference" data="${target}"/><action application="hangup"/></condition></extension></context></section></document>`;
  assert.deepEqual([moderator.status, moderator.text], [200, dialplan(`${conference}@default+flags{moderator|endconf}`)]);
  assert.equal((await dial(passCodes.participantPassCode)).text, dialplan(`${conference}@default`));
  const hostile = await dial(passCodes.participantPassCode, { 'Hunt-Context': '"><x a="' });
  assert.equal(hostile.text, dialplan(`${conference}@default`, '&quot;&gt;&lt;x a=&quot;'));
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
