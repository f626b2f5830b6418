import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import type { DialectName } from '../../src/domain/bridge.ts';
import type { Finding } from '../../src/operations/doctor/finding.ts';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { askDoctor } from '../support/doctor.ts';
import { aCall, ENGINES, type EngineAsks, type EngineChoices, makeEngine } from '../support/engines.ts';
import {
  type EndingEngine,
  startEndMeeting,
  startEventSocket,
  startManager,
  startManagerHttp,
  startPexipManager,
  startTwilioApi,
} from '../support/engines/ending.ts';
import { AUTH_TOKEN, signalwireAsks, TELNYX_PUBLIC_KEY, telnyxAsks, TWILIO } from '../support/engines/twiml.ts';
import { BIGBLUEBUTTON } from '../support/engines/bigbluebutton.ts';
import { JITSI } from '../support/engines/jitsi.ts';
import { LIVEKIT } from '../support/engines/livekit.ts';
import { startFlakyProxy } from '../support/flaky-proxy.ts';
import { runParley } from '../support/process.ts';
import { get, patch } from '../support/resources.ts';
import { SELF_SIGNED } from '../support/self-signed.ts';
import { makeDataDir, startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** Who asks, and in which dialect. */
type Asked = Pick<Kind, 'dialect' | 'asks'>;

interface Kind {
  dialect: DialectName;
  start(t: TestContext, server: TestServer): Promise<EndingEngine>;
  choicesAt(at: string): EngineChoices;
  /** Where it is not as the dialect's first engine does. */
  asks?: EngineAsks;
  /** What somebody has set wrongly, and what the doctor says of it. */
  wrong: { secrets?: Record<string, string>; says: RegExp };
}

const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const twiml = (settings: object, secrets: object = {}): EngineChoices => ({
  settings: { ...TWILIO.settings, accountSid: 'AC1', ...settings },
  secrets: { ...TWILIO.secrets, ...secrets },
});

/** As Prosody does: the key is found under the SHA-256 of its id, and app_id is the issuer. */
async function isTakenByProsody(server: TestServer, token: string): Promise<boolean> {
  const { kid = '', alg } = decodeProtectedHeader(token);
  const file = `${createHash('sha256').update(kid).digest('hex')}.pem`;
  const answer = await fetch(`${server.url}/admission/jitsi/keys/${file}`);
  if (!answer.ok || alg !== 'RS256') return false;
  const { payload } = await jwtVerify(token, await importSPKI(await answer.text(), 'RS256'), { currentDate: new Date(server.now()) });
  return payload.iss === 'parley' && payload.room === '*' && typeof payload.aud === 'string';
}

const KINDS: Readonly<Record<string, Kind>> = {
  'Asterisk over TCP': {
    dialect: 'asterisk',
    start: (t) => startManager(t),
    choicesAt: (at) => ({ settings: { managerUrl: `ami://${at}`, managerUser: 'parley' }, secrets: { managerSecret: 'ami-secret' } }),
    wrong: { secrets: { managerSecret: 'another' }, says: /does not take this user and secret/ },
  },
  'Asterisk over HTTP': {
    dialect: 'asterisk',
    start: startManagerHttp,
    choicesAt: (at) => ({
      settings: { managerUrl: `http://${at}/rawman`, managerUser: 'parley' },
      secrets: { managerSecret: 'ami-secret' },
    }),
    wrong: { secrets: { managerSecret: 'another' }, says: /does not take this user and secret/ },
  },
  FreeSWITCH: {
    dialect: 'freeswitch',
    start: (t) => startEventSocket(t),
    choicesAt: (at) => ({ settings: { eventSocket: at }, secrets: { eventSocketPassword: 'ClueCon-1' } }),
    wrong: { secrets: { eventSocketPassword: 'another' }, says: /does not take this password/ },
  },
  Twilio: {
    dialect: 'twiml',
    start: (t) => startTwilioApi(t, basic('AC1', AUTH_TOKEN)),
    choicesAt: (at) => twiml({ apiUrl: `http://${at}/2010-04-01` }),
    wrong: { secrets: { ...TWILIO.secrets, apiSecret: 'another' }, says: /answered 401/ },
  },
  'Twilio by an API key': {
    dialect: 'twiml',
    start: (t) => startTwilioApi(t, basic('SK1', 'key-secret')),
    choicesAt: (at) => twiml({ apiUrl: `http://${at}/2010-04-01`, apiKey: 'SK1' }, { apiSecret: 'key-secret' }),
    wrong: { secrets: { ...TWILIO.secrets, apiSecret: 'another' }, says: /answered 401/ },
  },
  'Twilio, where nobody speaks as yet': {
    dialect: 'twiml',
    start: (t) => startTwilioApi(t, basic('AC1', AUTH_TOKEN), { status: 'init' }),
    choicesAt: (at) => twiml({ apiUrl: `http://${at}/2010-04-01` }),
    wrong: { secrets: { ...TWILIO.secrets, apiSecret: 'another' }, says: /answered 401/ },
  },
  SignalWire: {
    dialect: 'twiml',
    start: (t) => startTwilioApi(t, basic('AC1', 'api-token')),
    choicesAt: (at) => twiml({ flavour: 'signalwire', apiUrl: `http://${at}/2010-04-01` }, { apiSecret: 'api-token' }),
    asks: signalwireAsks,
    wrong: { secrets: { ...TWILIO.secrets, apiSecret: 'another' }, says: /answered 401/ },
  },
  Telnyx: {
    dialect: 'twiml',
    start: (t) => startTwilioApi(t, 'Bearer api-key', { ending: '' }),
    choicesAt: (at) => ({
      settings: { ...TWILIO.settings, flavour: 'telnyx', accountSid: 'AC1', apiUrl: `http://${at}/2010-04-01` },
      secrets: { publicKey: TELNYX_PUBLIC_KEY, apiSecret: 'api-key' },
    }),
    asks: telnyxAsks,
    wrong: { secrets: { publicKey: TELNYX_PUBLIC_KEY, apiSecret: 'another' }, says: /answered 401/ },
  },
  Pexip: {
    dialect: 'pexip',
    start: startPexipManager,
    choicesAt: (at) => ({
      settings: { managerUrl: `http://${at}`, managerUser: 'parley' },
      secrets: { managerPassword: 'pexip-password' },
    }),
    wrong: { secrets: { managerPassword: 'another' }, says: /answered 401/ },
  },
  Jitsi: {
    dialect: 'jitsi',
    start: (t, server) => startEndMeeting(t, (token) => isTakenByProsody(server, token)),
    choicesAt: (at) => ({ settings: { ...JITSI.settings, prosodyUrl: `http://${at}` }, secrets: JITSI.secrets }),
    wrong: { says: /answered 401|does not take this token/ },
  },
};

async function metricOf(server: TestServer, sample: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${sample} `));
  return Number(line?.slice(sample.length) ?? 0);
}

async function endedBy(server: TestServer, clientId: number): Promise<(string | null)[]> {
  const { items } = (await get(server, `/v1/usage?clientId=${clientId}`)).json;
  return items.map((leg: { endedBy: string | null }) => leg.endedBy);
}

/** Somebody comes in, at this engine, and is told the conference as it is on record. */
async function comeIn(
  server: TestServer,
  { dialect, asks = ENGINES[dialect].asks }: Asked,
  token: string,
  digits: string,
  clientId: number,
): Promise<string> {
  const answer = await asks(server, token, { ...aCall(), digits });
  assert.ok(answer.status < 400, answer.text);
  const { items } = (await get(server, `/v1/usage?clientId=${clientId}`)).json;
  return items.at(-1).conference;
}

// Most of it is waiting: for the next round, and for the doctor.
void describe('engines that are told to end conferences', { concurrency: 4 }, () => {
  for (const [name, kind] of Object.entries(KINDS)) {
    test(`${name}: a live conference is ended with its client, however often it takes; others go on`, async (t) => {
      const server = await startTestServer(t);
      const engine = await kind.start(t, server);
      const { token } = await makeEngine(server, kind.dialect, kind.choicesAt(engine.at));
      const [one, other] = [(await server.provision()).data, (await server.provision({ client: { externalId: 2 } })).data];
      const conference = await comeIn(server, kind, token, one.passCodes.moderatorPassCode, one.clientId);
      const going = await comeIn(server, kind, token, other.passCodes.moderatorPassCode, other.clientId);
      engine.running.add(conference).add(going);
      engine.isAway = true;
      await server.post(DEACTIVATE, { clientId: one.clientId });
      const labels = `{engine="${kind.dialect}"}`;
      await until('the failure is counted', async () => (await metricOf(server, `parley_engine_failures_total${labels}`)) > 0);
      assert.deepEqual([engine.ended, await endedBy(server, one.clientId)], [[], [null]]);
      engine.isAway = false;
      server.advance(10_000);
      await until('the conference was ended', () => engine.ended.includes(conference));
      await until('the leg has ended', async () => (await endedBy(server, one.clientId))[0] === 'ejection');
      assert.deepEqual([[...engine.running], await endedBy(server, other.clientId)], [[going], [null]]);
      const timed = `parley_engine_ejected_after_deactivation_seconds_count${labels}`;
      await until('it was timed', async () => (await metricOf(server, timed)) === 1);
      assert.ok(!engine.ended.includes(going));

      // Of one that has ended meanwhile nobody is left, which is what was wanted.
      engine.running.clear();
      await server.post(DEACTIVATE, { clientId: other.clientId });
      await until('nobody is in it', async () => (await endedBy(server, other.clientId))[0] === 'ejection');
      for (const secret of Object.values(kind.choicesAt('x').secrets ?? {})) assert.ok(!server.logged().includes(secret));
    });

    test(`${name}: the doctor signs in, and says what is wrong`, async (t) => {
      const server = await startTestServer(t);
      const engine = await kind.start(t, server);
      const { settings = {}, secrets = {} } = kind.choicesAt(engine.at);
      const made = await server.post('/v1/bridges', { name: 'pbx', dialect: kind.dialect, settings, secrets });
      assert.equal(made.status, 200, made.text);
      const find = async () => (await askDoctor(server.settings)).find(({ check }) => check === 'engine pbx');
      await until('its key can be asked for', async () => (await find())?.result === 'ok');
      const path = `/v1/bridges/${made.json.bridgeId}`;
      if (kind.wrong.secrets === undefined) await patch(server, path, { settings: { appId: 'another' } });
      else await patch(server, path, { secrets: kind.wrong.secrets });
      const wrong = await find();
      assert.deepEqual([wrong?.result, kind.wrong.says.test(wrong?.detail ?? '')], ['problem', true], wrong?.detail);
      engine.isAway = true;
      assert.equal((await find())?.result, 'problem');
      const told = JSON.stringify(await askDoctor(server.settings));
      for (const secret of Object.values({ ...secrets, ...kind.wrong.secrets })) assert.ok(!told.includes(secret));
    });
  }
});

test('somebody who came in after the client was allowed again is thrown out with the next deactivation', async (t) => {
  const server = await startTestServer(t);
  const kind = KINDS.FreeSWITCH as Kind;
  const engine = await kind.start(t, server);
  const { token } = await makeEngine(server, kind.dialect, kind.choicesAt(engine.at));
  const { clientId, passCodes } = (await server.provision()).data;
  for (const times of [1, 2]) {
    engine.running.add(await comeIn(server, kind, token, passCodes.moderatorPassCode, clientId));
    await server.post(DEACTIVATE, { clientId });
    await until('it was ended', () => engine.ended.length === times);
    await until('the leg has ended', async () => (await endedBy(server, clientId)).every((by) => by === 'ejection'));
    await server.post(REACTIVATE, { clientId });
  }
});

/** What is asked over HTTP, by the address of the engine. */
const OVER_HTTP: Readonly<Record<string, Asked & Pick<Kind, 'choicesAt'>>> = {
  ...Object.fromEntries(['Asterisk over HTTP', 'Twilio', 'Telnyx', 'Pexip', 'Jitsi'].map((name) => [name, KINDS[name] as Kind])),
  LiveKit: { dialect: 'livekit', choicesAt: (at) => ({ ...LIVEKIT, settings: { ...LIVEKIT.settings, url: `http://${at}` } }) },
  BigBlueButton: {
    dialect: 'bigbluebutton',
    choicesAt: (at) => ({ ...BIGBLUEBUTTON, settings: { url: `http://${at}/bigbluebutton` } }),
  },
};
const ELSEWHERE = [
  { status: 404, headers: { 'content-type': 'text/html' }, body: '<html><body><h1>404 Not Found</h1></body></html>' },
  { status: 200, headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html><html><body>Welcome</body></html>' },
];

void describe('where another server answers than the engine', { concurrency: 4 }, () => {
  for (const [name, kind] of Object.entries(OVER_HTTP)) {
    test(`${name}: no conference counts as ended, and the doctor says that something is wrong`, async (t) => {
      const server = await startTestServer(t);
      const engine = name in KINDS ? `http://${(await (KINDS[name] as Kind).start(t, server)).at}` : ENGINES[kind.dialect].settings?.url;
      const proxy = await startFlakyProxy(t, () => engine as string);
      const { token } = await makeEngine(server, kind.dialect, kind.choicesAt(new URL(proxy.url).host));
      const find = async () => (await askDoctor(server.settings)).find(({ check }) => check.startsWith('engine '));
      assert.equal((await find())?.result, 'ok');
      for (const [i, answer] of ELSEWHERE.entries()) {
        proxy.draw = () => 'pass';
        const { clientId, passCodes } = (await server.provision({ client: { externalId: i + 1 } })).data;
        await comeIn(server, kind, token, passCodes.moderatorPassCode, clientId);
        proxy.draw = () => answer;
        const failures = (): Promise<number> => metricOf(server, `parley_engine_failures_total{engine="${kind.dialect}"}`);
        const before = await failures();
        await server.post(DEACTIVATE, { clientId });
        await until(
          'it failed, or counted as ended',
          async () => (await failures()) > before || (await endedBy(server, clientId))[0] !== null,
        );
        assert.deepEqual([answer.status, await endedBy(server, clientId)], [answer.status, [null]]);
        assert.equal((await find())?.result, 'problem');
      }
    });
  }
});

test('an Asterisk that does not know "all" has kicked nobody: the conference does not count as ended', async (t) => {
  const server = await startTestServer(t);
  const kind = KINDS['Asterisk over TCP'] as Kind;
  const engine = await startManager(t, { knowsAll: false });
  const { token } = await makeEngine(server, kind.dialect, kind.choicesAt(engine.at));
  const { clientId, passCodes } = (await server.provision()).data;
  const conference = await comeIn(server, kind, token, passCodes.moderatorPassCode, clientId);
  engine.running.add(conference);
  await server.post(DEACTIVATE, { clientId });
  const failures = (): Promise<number> => metricOf(server, 'parley_engine_failures_total{engine="asterisk"}');
  await until('it was told, to whatever end', async () => (await failures()) > 0 || (await endedBy(server, clientId))[0] !== null);
  assert.deepEqual(await endedBy(server, clientId), [null]);
  // They have left by themselves.
  engine.running.delete(conference);
  server.advance(10_000);
  await until('the leg has ended', async () => (await endedBy(server, clientId))[0] === 'ejection');
});

test('the manager interface over TLS: its certificate is verified, by name and by address', async (t) => {
  const server = await startTestServer(t);
  const engine = await startManager(t, { isTls: true });
  const trusted = join(makeDataDir(), 'ca.pem');
  writeFileSync(trusted, SELF_SIGNED.cert);
  for (const [name, host] of Object.entries({ 'by name': 'localhost', 'by address': '127.0.0.1' })) {
    const settings = { managerUrl: `amis://${host}:${engine.at.split(':')[1]}`, managerUser: 'parley' };
    const bridge = { name, dialect: 'asterisk', settings, secrets: { managerSecret: 'ami-secret' } };
    assert.equal((await server.post('/v1/bridges', bridge)).status, 200);
  }
  const ask = async (environment: Record<string, string>): Promise<[string, string][]> => {
    const { stdout, stderr } = await runParley(['doctor', '--json'], { ...server.settings, ...environment });
    assert.equal(stderr, '');
    const found = (JSON.parse(stdout) as Finding[]).filter(({ check }) => check.startsWith('engine '));
    return found.map(({ result, detail }) => [result, /\((\w+)\)/.exec(detail)?.[1] ?? '']);
  };
  const refused = ['problem', 'DEPTH_ZERO_SELF_SIGNED_CERT'];
  assert.deepEqual(await ask({}), [refused, refused]);
  const taken = ['ok', ''];
  assert.deepEqual(await ask({ NODE_EXTRA_CA_CERTS: trusted }), [taken, taken]);
});

test('a hang-up that was never told: FreeSWITCH is asked which calls are up, and the others have left', async (t) => {
  const server = await startTestServer(t);
  const kind = KINDS.FreeSWITCH as Kind;
  // With a question for each round trip, a thousand calls would take longer than an engine may.
  const engine = await startEventSocket(t, { asksAtOnce: 2 });
  const { token } = await makeEngine(server, kind.dialect, kind.choicesAt(engine.at));
  const { passCodes } = (await server.provision()).data;
  const calls = ['3f0e8a52-6e0f-4a43-9d8f-0d2b0e4e7c01', '3f0e8a52-6e0f-4a43-9d8f-0d2b0e4e7c02', 'no-channel-of-freeswitch'];
  for (const callId of calls) {
    const call = { ...aCall({ callId }), digits: passCodes.participantPassCode };
    assert.equal((await ENGINES.freeswitch.asks(server, token, call)).status, 200);
  }
  engine.channels.add(calls[0] as string);
  const open = async (): Promise<string[]> => {
    const { items } = (await get(server, '/v1/usage')).json;
    return items.filter((leg: { leftAt: string | null }) => leg.leftAt === null).map((leg: { callId: string }) => leg.callId);
  };
  assert.deepEqual(await open(), calls, 'just let in: it may be on its way');
  server.advance(31_000);
  await until('the call that is over has left', async () => (await open()).length < 3);
  assert.deepEqual(await open(), [calls[0], calls[2]]);
});

test('conferences that nobody can be told to end, large or many, keep no other from being ended', async (t) => {
  const server = await startTestServer(t);
  const kind = KINDS.FreeSWITCH as Kind;
  const engine = await kind.start(t, server);
  const { token } = await makeEngine(server, kind.dialect, kind.choicesAt(engine.at));
  const untold = await makeEngine(server, 'json');
  const [large, other] = [(await server.provision()).data, (await server.provision({ client: { externalId: 2 } })).data];
  for (let caller = 0; caller < 150; caller++) {
    const answer = await ENGINES.json.asks(server, untold.token, { ...aCall(), digits: large.passCodes.participantPassCode });
    assert.equal(answer.status, 200, answer.text);
  }
  const small = [];
  for (let externalId = 3; externalId < 130; externalId++) {
    const { data } = await server.provision({ client: { externalId } });
    await ENGINES.json.asks(server, untold.token, { ...aCall(), digits: data.passCodes.participantPassCode });
    small.push(data);
  }
  const conference = await comeIn(server, kind, token, other.passCodes.moderatorPassCode, other.clientId);
  engine.running.add(conference);
  for (const { clientId } of [large, ...small, other]) await server.post(DEACTIVATE, { clientId });
  await until('the other conference was ended', () => engine.ended.includes(conference));
  await until('its leg has ended', async () => (await endedBy(server, other.clientId))[0] === 'ejection');
  assert.ok((await endedBy(server, large.clientId)).every((by) => by === null));
});

test('a large conference at two engines has ended when both were told', async (t) => {
  const server = await startTestServer(t);
  const kind = KINDS.FreeSWITCH as Kind;
  const [first, second] = [await kind.start(t, server), await kind.start(t, server)];
  const { clientId, passCodes } = (await server.provision()).data;
  const at = await makeEngine(server, kind.dialect, kind.choicesAt(first.at));
  for (let caller = 0; caller < 150; caller++)
    await ENGINES.freeswitch.asks(server, at.token, { ...aCall(), digits: passCodes.participantPassCode });
  const { token } = await makeEngine(server, kind.dialect, kind.choicesAt(second.at));
  const conference = await comeIn(server, kind, token, passCodes.moderatorPassCode, clientId);
  for (const engine of [first, second]) engine.running.add(conference);
  await server.post(DEACTIVATE, { clientId });
  await until('the legs have ended', async () => (await endedBy(server, clientId)).every((by) => by === 'ejection'));
  assert.deepEqual([first.ended, second.ended], [[conference], [conference]]);
});

test('what is set for ending conferences is whole, or refused with what is missing', async (t) => {
  const server = await startTestServer(t);
  const pem = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----';
  const wrong: [DialectName, object, object, string][] = [
    ['asterisk', { managerUrl: 'ami://127.0.0.1:5038' }, {}, 'settings'],
    ['asterisk', { managerUrl: 'telnet://127.0.0.1' }, {}, 'settings.managerUrl'],
    ['asterisk', { managerUrl: 'http://pbx.example.com/rawman', managerUser: 'a' }, { managerSecret: 'b' }, 'settings.managerUrl'],
    [
      'asterisk',
      { managerUrl: 'ami://pbx.example.com', managerUser: 'a\r\nAction: Command' },
      { managerSecret: 'b' },
      'settings.managerUser',
    ],
    ['freeswitch', { eventSocket: '127.0.0.1:8021' }, {}, 'settings'],
    ['freeswitch', {}, { eventSocketPassword: 'a' }, 'settings'],
    ['freeswitch', { eventSocket: '127.0.0.1' }, { eventSocketPassword: 'a' }, 'settings.eventSocket'],
    ['freeswitch', { eventSocket: '127.0.0.1:8021' }, { eventSocketPassword: 'a\n\napi shutdown' }, 'secrets.eventSocketPassword'],
    ['pexip', { managerUrl: 'https://manager.example.com', managerUser: 'a' }, {}, 'settings'],
    ['twiml', { ...TWILIO.settings, apiKey: 'SK1' }, TWILIO.secrets, 'settings'],
    ['twiml', { ...TWILIO.settings, accountSid: 'AC1', apiKey: 'SK1' }, TWILIO.secrets, 'settings'],
    ['twiml', { flavour: 'kazoo', publicUrl: TWILIO.settings.publicUrl, accountSid: 'AC1' }, {}, 'settings'],
    ['twiml', { ...TWILIO.settings, flavour: 'signalwire', accountSid: 'AC1' }, TWILIO.secrets, 'settings'],
    ['jitsi', { url: 'https://meet.example.com', muc: 'conference.meet.example.com', prosodyUrl: 'http://127.0.0.1:5280' }, {}, 'settings'],
    ['jitsi', { ...JITSI.settings, prosodyUrl: 'http://127.0.0.1:5280' }, { ...JITSI.secrets, endKey: pem }, 'secrets.endKey'],
  ];
  for (const [dialect, settings, secrets, field] of wrong) {
    const answer = await server.post('/v1/bridges', { name: 'pbx', dialect, settings, secrets });
    assert.deepEqual([answer.status, answer.json.errors?.map((one: { field: string }) => one.field)], [422, [field]], answer.text);
  }
  assert.deepEqual((await get(server, '/v1/bridges')).json.items, []);
});
