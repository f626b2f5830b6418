import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { assertRefused } from '../support/admission.ts';
import { test } from 'node:test';
import { signTwilio } from '../../src/http/admission/dialects/twiml-signature.ts';
import { conferenceIn, patchRails, runCases } from '../support/engine-cases.ts';
import { aCall, assertLasted, makeEngine } from '../support/engines.ts';
import { AUTH_TOKEN, PUBLIC_URL, sendForm, TWILIO, twilioAsks, twilioForm } from '../support/engines/twiml.ts';
import { get } from '../support/resources.ts';
import { startTestServer } from '../support/server.ts';

const AGAIN = '<Say>That pass code was not recognised.</Say>';
const GOODBYE = '<Say>Goodbye.</Say><Hangup/>';

function gathersAt(token: string): string {
  const gather =
    `<Gather input="dtmf" numDigits="10" finishOnKey="#" timeout="10" action="${PUBLIC_URL}/admission/twiml/k/${token}" method="POST">` +
    '<Say>Please enter your pass code, followed by the pound key.</Say></Gather>';
  return gather.repeat(3);
}

test("Twilio's published signature is ours", () => {
  const form: [string, string][] = [
    ['Digits', '1234'],
    ['To', '+18005551212'],
    ['From', '+12349013030'],
    ['Caller', '+12349013030'],
    ['CallSid', 'CA1234567890ABCDE'],
  ];
  assert.equal(signTwilio('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', form), '0/KCTR6DLpKmkAf8muzZqo1nDgQ=');
});

test('Twilio: a moderator, a participant, an unknown, an inactive and a throttled caller', async (t) => {
  const { token, moderator, participant, unknown, inactive, throttled } = await runCases(t, 'twiml');
  const conference = conferenceIn(moderator);
  const dial = (isModerator: boolean) =>
    `<Response><Dial><Conference startConferenceOnEnter="true" endConferenceOnExit="${isModerator}" maxParticipants="250" ` +
    `statusCallbackEvent="join leave" statusCallback="${PUBLIC_URL}/admission/twiml/k/${token}/events" statusCallbackMethod="POST">` +
    `${conference}</Conference></Dial></Response>`;
  assert.deepEqual([moderator.status, moderator.text], [200, dial(true)]);
  assert.equal(moderator.headers.get('content-type'), 'text/xml; charset=utf-8');
  assert.equal(participant.text, dial(false));
  assert.equal(unknown.text, `<Response>${AGAIN}${gathersAt(token)}${GOODBYE}</Response>`);
  assert.equal(inactive.text, unknown.text);
  assert.deepEqual([throttled.status, throttled.text], [200, `<Response>${AGAIN}${GOODBYE}</Response>`]);
});

test('Twilio: asked for a code until the call has had its tries; what an unknown code is answered last is what a throttled caller is', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'twiml');
  const call = aCall();
  const first = await twilioAsks(server, token, call);
  assert.equal(first.text, `<Response>${gathersAt(token)}${GOODBYE}</Response>`);
  const texts: string[] = [];
  for (let i = 0; i < 4; i++) texts.push((await twilioAsks(server, token, { ...call, digits: '9070605040' })).text);
  assert.deepEqual(
    texts.map((text) => text.includes('<Gather')),
    [true, true, false, false],
  );
  assert.equal(texts[2], `<Response>${AGAIN}${GOODBYE}</Response>`);
});

test('Twilio: the rails are in the answer; who withholds the number is not taken for a caller from Lesotho', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'twiml');
  const { companyId, passCodes } = (await server.provision()).data;
  const rails = { moderatorRequired: true, maxParticipants: 25, maxDurationSeconds: 3600, allowedCallerCountries: ['CA', 'LS'] };
  await patchRails(server, companyId, rails);
  const digits = passCodes.participantPassCode;
  const { text } = await twilioAsks(server, token, aCall({ digits }));
  assert.match(
    text,
    /^<Response><Dial timeLimit="3600"><Conference startConferenceOnEnter="false" endConferenceOnExit="false" maxParticipants="25" /,
  );
  assert.match((await twilioAsks(server, token, aCall({ digits, caller: '+266696687' }))).text, /not recognised/);
});

test('Twilio: a request that is not signed over the public address, or over these fields, asks nothing', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'twiml');
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const path = `/admission/twiml/k/${token}`;
  const form = twilioForm({ ...aCall({ digits }) });
  const send = (signature: string | undefined, sent = form, at = path) =>
    sendForm(server.url, at, sent, () => (signature === undefined ? {} : { 'X-Twilio-Signature': signature }));
  const right = signTwilio(AUTH_TOKEN, PUBLIC_URL + path, form);
  assert.equal((await send(right)).status, 200);
  assert.equal((await send(signTwilio(AUTH_TOKEN, `${PUBLIC_URL}:443${path}`, form))).status, 200);
  const changed = form.map(([name, value]): [string, string] => [name, name === 'Digits' ? '1234567890' : value]);
  const refused = [
    send(undefined),
    send(''),
    send(`${right}x`),
    send(signTwilio('another', PUBLIC_URL + path, form)),
    send(signTwilio(AUTH_TOKEN, server.url + path, form)),
    send(right, changed),
    send(right, form, `${path}?x=1`),
    send(right, form, `${path}/events`),
  ];
  for (const { status } of await Promise.all(refused)) assert.equal(status, 401);
  const { status } = await fetch(`${server.url}${path}?${new URLSearchParams(form)}`);
  assert.equal(status, 401);
});

test('Twilio: what the conference tells of who joins and leaves becomes usage', async (t) => {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'twiml');
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const call = aCall({ digits });
  const conference = conferenceIn(await twilioAsks(server, token, call));
  const tell = (event: string, name = conference) =>
    sendForm(
      server.url,
      `/admission/twiml/k/${token}/events`,
      [
        ['ConferenceSid', 'CF00000000000000000000000000000000'],
        ['FriendlyName', name],
        ['CallSid', call.callId],
        ['StatusCallbackEvent', event],
        ['Timestamp', new Date(server.now()).toUTCString().replace('GMT', '+0000')],
      ],
      (path, form) => ({ 'X-Twilio-Signature': signTwilio(AUTH_TOKEN, PUBLIC_URL + path, form) }),
    );
  assert.deepEqual(await tell('participant-join').then(({ status, text }) => [status, text]), [200, '<Response/>']);
  server.advance(60_000);
  assert.equal((await tell('conference-end')).status, 200);
  assert.equal((await tell('participant-leave')).status, 200);
  assert.equal((await tell('participant-join', 'c-00000000000000000000000000000000')).status, 422);
  const [leg] = (await get(server, '/v1/usage')).json.items;
  assert.deepEqual([leg.conference, leg.callId, leg.endedBy], [conference, call.callId, 'report']);
  assertLasted(leg, 60);
});

test('Telnyx: signed with Ed25519 over time and body; old, missing and foreign signatures ask nothing', async (t) => {
  const server = await startTestServer(t);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  const { token } = await makeEngine(server, 'twiml', {
    settings: { flavour: 'telnyx', publicUrl: PUBLIC_URL },
    secrets: { publicKey: raw },
  });
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const path = `/admission/twiml/k/${token}`;
  const form = twilioForm({ ...aCall({ digits, callId: 'v3:9X2vxPDFY2RHSJ1EdMS0RHRksMTg7ldNxdjWbVr9zBjbGjGsSe-aiQ' }) });
  const send = (ageSeconds: number, key = privateKey, body = new URLSearchParams(form).toString()) => {
    const timestamp = String(Math.floor(server.now() / 1000) - ageSeconds);
    const signature = sign(null, Buffer.from(`${timestamp}|${body}`), key).toString('base64');
    return sendForm(server.url, path, form, () => ({ 'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': signature }));
  };
  assert.match((await send(0)).text, /<Conference /);
  const refused = [send(301), send(-301), send(0, generateKeyPairSync('ed25519').privateKey), send(0, privateKey, 'another=body')];
  for (const { status } of await Promise.all(refused)) assert.equal(status, 401);
  assert.equal((await sendForm(server.url, path, form, () => ({}))).status, 401);
});

test('Kazoo asks with GET, SignalWire signs as Twilio does under a name of its own', async (t) => {
  const server = await startTestServer(t);
  const { moderatorPassCode: digits } = (await server.provision()).data.passCodes;
  const kazoo = await makeEngine(server, 'twiml', { settings: { flavour: 'kazoo', publicUrl: PUBLIC_URL } });
  const query = new URLSearchParams(twilioForm({ ...aCall({ digits }) }));
  const asked = await fetch(`${server.url}/admission/twiml/k/${kazoo.token}?${query}`);
  assert.match(await asked.text(), /^<Response><Dial><Conference /);
  const signalwire = await makeEngine(server, 'twiml', { ...TWILIO, settings: { ...TWILIO.settings, flavour: 'signalwire' } });
  const answer = await sendForm(
    server.url,
    `/admission/twiml/k/${signalwire.token}`,
    twilioForm({ ...aCall({ digits }) }),
    (path, form) => ({
      'X-SignalWire-Signature': signTwilio(AUTH_TOKEN, PUBLIC_URL + path, form),
    }),
  );
  assert.match(answer.text, /^<Response><Dial><Conference /);
});

test('prompts are the operator’s own, whatever is in them, and wrong settings are refused in a sentence', async (t) => {
  const server = await startTestServer(t);
  const hostile = '</Say><Dial>+19005550100</Dial> & "more"';
  const settings = { ...TWILIO.settings, language: 'fr-CA', enterPrompt: hostile };
  const { token } = await makeEngine(server, 'twiml', { ...TWILIO, settings });
  const { text } = await twilioAsks(server, token, aCall());
  assert.ok(text.includes('<Say language="fr-CA">&lt;/Say&gt;&lt;Dial&gt;+19005550100&lt;/Dial&gt; &amp; &quot;more&quot;</Say>'));
  assert.ok(!text.includes('<Dial>'));
  const wrong: [object, RegExp][] = [
    [{ settings: { flavour: 'plivo', publicUrl: PUBLIC_URL } }, /^settings\.flavour must be twilio, signalwire, telnyx or kazoo\.$/],
    [{ settings: { flavour: 'twilio' }, secrets: TWILIO.secrets }, /^settings\.publicUrl is missing/],
    [{ settings: TWILIO.settings }, /The flavour twilio needs the secret authToken\.$/],
    [{ settings: { ...TWILIO.settings, flavour: 'kazoo' }, secrets: TWILIO.secrets }, /The flavour kazoo has no use for authToken\.$/],
    [
      { settings: { ...TWILIO.settings, publicUrl: 'http://voice.example.com' }, secrets: TWILIO.secrets },
      /^settings\.publicUrl must begin with https:/,
    ],
    [
      { settings: { ...TWILIO.settings, publicUrl: `${PUBLIC_URL}/?x` }, secrets: TWILIO.secrets },
      /^settings\.publicUrl must have no user/,
    ],
  ];
  for (const [choices, sentence] of wrong) await assertRefused(makeEngine(server, 'twiml', choices), sentence);
});
