import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { DialectName } from '../../src/domain/bridge.ts';
import { makeEngine } from '../support/engines.ts';
import { exchange } from '../support/raw-http.ts';
import { get } from '../support/resources.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

/** What a real engine sent, and what Parley answered then. The credential reads CREDENTIAL. */
interface Recorded {
  label?: string;
  method: string;
  path: string;
  agent: string;
  isBasic?: boolean;
  body: string;
  answer: string;
}

function readRecorded(file: string): Recorded[] {
  const text = readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);
}

const CONFERENCE = /c-[0-9a-f]{32}/;
const CODE = /\b(?:code|passcode|Caller-Destination-Number)=(\d{10})\b/;

/** Of the recording: whose conference each code opened, and as whom. */
function readCodes(recorded: readonly Recorded[], roleIn: (answer: string) => 'moderator' | 'participant' | undefined) {
  const codes = new Map<string, { conference: string; role: 'moderator' | 'participant' }>();
  for (const { body, answer } of recorded) {
    const [role, code, conference] = [roleIn(answer), CODE.exec(body)?.[1], CONFERENCE.exec(answer)?.[0]];
    if (role !== undefined && code !== undefined && conference !== undefined) codes.set(code, { conference, role });
  }
  return codes;
}

interface Replay {
  dialect: DialectName;
  settings?: Record<string, string>;
  recorded: readonly Recorded[];
  /** What kind of answer it is, whatever is in it. */
  kindOf: (answer: string) => string;
  /** Where today's answer is another on purpose. */
  isOtherToday?: (recorded: Recorded) => boolean;
}

/** Sends the recorded requests in their order, with codes and conferences of this server in place of theirs. */
async function replay(
  server: TestServer,
  { dialect, settings = {}, recorded, kindOf, isOtherToday = () => false }: Replay,
): Promise<number> {
  const roleIn = (answer: string) => {
    const kind = kindOf(answer);
    return kind === 'moderator' || kind === 'participant' ? kind : undefined;
  };
  const { token } = await makeEngine(server, dialect, { settings });
  const theirs = readCodes(recorded, roleIn);
  const ours = new Map<string, { moderator: string; participant: string }>();
  for (const { conference } of theirs.values()) {
    if (ours.has(conference)) continue;
    const { passCodes } = (await server.provision({ client: { externalId: 100 + ours.size } })).data;
    ours.set(conference, { moderator: passCodes.moderatorPassCode, participant: passCodes.participantPassCode });
  }
  const names = new Map<string, string>();
  let compared = 0;
  for (const one of recorded) {
    if (one.answer === '') continue;
    const code = CODE.exec(one.body)?.[1] ?? '';
    const place = theirs.get(code);
    const kind = kindOf(one.answer);
    // The company's rails, or its client's state, were others at that moment.
    if (place !== undefined && roleIn(one.answer) === undefined && !isOtherToday(one)) continue;
    let body = one.body.replaceAll('CREDENTIAL', token);
    if (place !== undefined) body = body.replaceAll(code, ours.get(place.conference)?.[place.role] ?? '');
    for (const [their, our] of names) body = body.replaceAll(their, our);
    const answer = await send(server, one, token, body);
    assert.equal(answer.status, 200, `${one.body} ${answer.text}`);
    const [their, our] = [CONFERENCE.exec(one.answer)?.[0], CONFERENCE.exec(answer.text)?.[0]];
    if (their !== undefined && our !== undefined) names.set(their, our);
    if (isOtherToday(one)) assert.notEqual(kindOf(answer.text), kind, answer.text);
    else assert.equal(kindOf(answer.text), kind, `${one.label ?? ''} ${body}\n${answer.text}`);
    compared++;
  }
  assert.ok(!server.logged().includes(token), 'what an engine sends back holds its credential, and is never logged');
  return compared;
}

async function send(server: TestServer, { method, path, agent, isBasic }: Recorded, token: string, body: string) {
  const headers = [
    `Host: parley.example.com`,
    `User-Agent: ${agent}`,
    'Accept: */*',
    ...(isBasic === true ? [`Authorization: Basic ${Buffer.from(`freeswitch:${token}`).toString('base64')}`] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Content-Type: application/x-www-form-urlencoded',
    'Connection: close',
  ];
  const bytes = `${method} ${path.replace('CREDENTIAL', token)} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
  const answer = await exchange(server.url, { bytes });
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

function kindOfFreeSwitch(answer: string): string {
  if (answer === 'OK') return 'OK';
  if (answer.includes('status="not found"')) return 'not found';
  if (answer.includes('flags{moderator|')) return 'moderator';
  if (answer.includes('application="conference"')) return 'participant';
  const isWrong = answer.includes('conf-bad-pin.wav');
  const then = answer.includes('name="passcode"') ? 'prompt' : 'hangup';
  return isWrong ? `wrong, ${then}` : then;
}

async function openLegs(server: TestServer): Promise<{ accessNumber: string | null }[]> {
  const { items } = (await get(server, '/v1/usage?limit=200')).json;
  return items.filter(({ leftAt }: { leftAt: string | null }) => leftAt === null);
}

test('a real Asterisk is answered as it was when its traffic was recorded, and everybody who left has left', async (t) => {
  const server = await startTestServer(t);
  const recorded = readRecorded('asterisk.jsonl');
  const compared = await replay(server, { dialect: 'asterisk', recorded, kindOf: (answer) => answer.split(',', 1)[0] as string });
  assert.ok(compared >= 24, String(compared));
  assert.equal((await get(server, '/v1/usage?limit=200')).json.items.length, 8);
});

test('a real FreeSWITCH 1.11.3-dev is answered as it was, and everybody who hung up is out', async (t) => {
  const server = await startTestServer(t);
  const recorded = readRecorded('freeswitch-1.11.3-dev.jsonl');
  const compared = await replay(server, { dialect: 'freeswitch', settings: { executesApps: 'yes' }, recorded, kindOf: kindOfFreeSwitch });
  assert.ok(compared >= 28, String(compared));
  assert.deepEqual(await openLegs(server), []);
});

test('a real FreeSWITCH 1.11.1 is answered as it was, but for what was found wrong; nobody who hung up is left', async (t) => {
  const server = await startTestServer(t);
  const recorded = readRecorded('freeswitch-1.11.1.jsonl');
  // A real code that was dialled from an ordinary context opened a conference.
  const isOtherToday = ({ path, body, answer }: Recorded): boolean =>
    path.endsWith('/xml-curl') && !body.includes('Hunt-Context=conferences') && kindOfFreeSwitch(answer) === 'moderator';
  assert.equal(recorded.filter(isOtherToday).length, 1);
  const compared = await replay(server, {
    dialect: 'freeswitch',
    settings: { executesApps: 'yes' },
    recorded,
    kindOf: kindOfFreeSwitch,
    isOtherToday,
  });
  assert.ok(compared >= 75, String(compared));
  // mod_xml_curl tells of no hang-up, and of no number that was dialled.
  assert.deepEqual(
    (await openLegs(server)).map(({ accessNumber }) => accessNumber),
    [null, null],
  );
});
