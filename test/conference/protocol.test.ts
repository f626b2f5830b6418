import assert from 'node:assert/strict';
import { once } from 'node:events';
import { makeBridge, NUMBER } from '../support/admission.ts';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { startHub, type TestHub } from '../support/conference.ts';
import { janusOfFile } from '../support/conference.ts';
import { withJanus } from '../support/janus-suite.ts';
import { get } from '../support/resources.ts';
import { post, startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { WebGuest } from '../support/web-guest.ts';

const guestAt = ({ server, path }: TestHub, headers?: Record<string, string>): WebGuest => new WebGuest(server, path, headers);

async function enter(hub: TestHub, name: string, code: string): Promise<WebGuest> {
  const guest = guestAt(hub);
  await guest.enter(name, code);
  return guest;
}

withJanus('a code of this hub opens its conference; any other opens nothing, and all are refused alike', async (t) => {
  const hub = await startHub(t);
  const { server } = hub;
  const stranger = (await server.provision({ company: { externalId: 51, name: 'Another' }, client: { externalId: 200 } })).data;
  const ended = (await server.provision({ client: { externalId: 300 } })).data;
  await server.post(DEACTIVATE, { clientId: ended.clientId });
  const refusals = [];
  for (const code of ['1234567890', stranger.passCodes.moderatorPassCode, ended.passCodes.moderatorPassCode, '', 'x'.repeat(40)]) {
    const guest = guestAt(hub);
    const page = await guest.typeCode(code);
    assert.deepEqual([page.status, guest.seat], [403, '']);
    assert.match(page.text, /aria-invalid="true" aria-describedby="wrong"/);
    refusals.push(page.text.replace(/value="[^"]*"/, ''));
  }
  assert.equal(new Set(refusals).size, 1);
  const guest = await enter(hub, 'Grace', hub.participantPassCode.replace(/^(\d{3})(\d{3})/, '$1 $2-'));
  const joined = await guest.next('joined');
  assert.deepEqual([joined.role, joined.media, joined.locked, joined.participants], ['participant', ['audio'], false, []]);
  assert.ok(!/pin|secret|room/i.test(JSON.stringify(guest.frames)));
});

withJanus('guesses on the web are counted by the block of the address, and the telephone’s own budget is the same', async (t) => {
  const hub = await startHub(t, { settings: { PARLEY_TRUSTED_PROXIES: '127.0.0.1', PARLEY_ADMISSION_MISSES_PER_CALLER_HOUR: '3' } });
  const from = (address: string) => guestAt(hub, { 'x-forwarded-for': address });
  for (let nth = 0; nth < 4; nth++) await from(`203.0.113.${nth}`).typeCode(`123456789${nth}`);
  const metrics = await (await fetch(`${hub.server.url}/metrics`)).text();
  assert.match(metrics, /^parley_admission_misses_total\{why="unknown"\} 3$/m);
  assert.match(metrics, /^parley_admission_throttled_total\{by="caller"\} 1$/m);
  const elsewhere = from('198.51.100.1');
  await elsewhere.enter('Grace', hub.participantPassCode);
});

withJanus('who is here is told to all; mute, hand and leave are seen by the others', async (t) => {
  const hub = await startHub(t);
  const host = await enter(hub, 'Ada', hub.moderatorPassCode);
  const guest = await enter(hub, 'Gr\u202eace', hub.participantPassCode);
  const { participants, participant } = await guest.next('joined');
  assert.deepEqual(
    participants.map(({ name, role, muted, hand, by }: any) => [name, role, muted, hand, by]),
    [['Ada', 'moderator', false, false, 'web']],
  );
  assert.equal((await host.next('participant')).name, 'Grace');
  guest.send({ type: 'hand', up: true });
  await host.next('participant', 0, ({ id, hand }) => id === participant && hand === true);
  guest.send({ type: 'mute', muted: true });
  await host.next('participant', 0, ({ id, muted, hand }) => id === participant && muted === true && hand === true);
  guest.send({ type: 'leave' });
  assert.equal(await guest.over(), 'left');
  assert.equal((await host.next('left')).id, participant);
});

withJanus('moderators mute, lock, remove and end; nobody else does, whatever is sent', async (t) => {
  const hub = await startHub(t);
  const host = await enter(hub, 'Ada', hub.moderatorPassCode);
  const guest = await enter(hub, 'Grace', hub.participantPassCode);
  const [hostId, guestId] = [(await host.next('joined')).participant, (await guest.next('joined')).participant];
  for (const frame of [
    { type: 'mute-participant', participant: hostId },
    { type: 'mute-all' },
    { type: 'remove', participant: hostId },
    { type: 'lock', locked: true },
    { type: 'end' },
  ]) {
    const seen = guest.frames.length;
    guest.send(frame);
    const { command, code } = await guest.next('error', seen);
    assert.deepEqual([command, code], [frame.type, 'not_allowed']);
  }
  host.send({ type: 'mute-participant', participant: guestId });
  assert.equal((await guest.next('muted')).by, 'moderator');
  host.send({ type: 'mute-participant', participant: '12345' });
  assert.equal((await host.next('error')).code, 'unknown_participant');

  host.send({ type: 'lock', locked: true });
  assert.equal((await guest.next('locked')).locked, true);
  await once(guest.connect(), 'open');
  guest.send({ type: 'join', name: 'Grace', muted: false });
  await guest.next('joined', guest.frames.length);
  const late = guestAt(hub);
  await late.typeCode(hub.participantPassCode);
  await once(late.connect(), 'open');
  late.send({ type: 'join', name: 'Late', muted: false });
  assert.equal(await late.over(), 'locked');
  host.send({ type: 'lock', locked: false });
  await guest.next('locked', 0, ({ locked }) => locked === false);

  host.send({ type: 'remove', participant: guestId });
  await guest.next('over', 0, ({ reason }) => reason === 'removed');
  await until('the guest is out', () => guest.closedWith === 4001);
  // The same browser, with the code typed once more.
  await guest.typeCode(hub.participantPassCode);
  const seen = guest.frames.length;
  await once(guest.connect(), 'open');
  guest.send({ type: 'join', name: 'Other', muted: false });
  assert.equal((await guest.next('over', seen)).reason, 'removed', 'the same browser');

  const another = await enter(hub, 'Joan', hub.participantPassCode);
  host.send({ type: 'end' });
  assert.deepEqual([await host.over(), await another.over()], ['ended', 'ended']);
  // What was decided ends with the conference.
  await guest.typeCode(hub.participantPassCode);
  await guest.join('Grace');
});

withJanus('deactivation throws everybody out and says why; a seat opens nothing until the client is active again', async (t) => {
  const hub = await startHub(t);
  const guest = await enter(hub, 'Grace', hub.participantPassCode);
  const startedAt = performance.now();
  await hub.server.post(DEACTIVATE, { clientId: hub.clientId });
  assert.equal(await guest.over(), 'deactivated');
  t.diagnostic(`out ${Math.round(performance.now() - startedAt)} ms after the deactivation was sent`);
  await once(guest.connect(), 'open');
  const seen = guest.frames.length;
  guest.send({ type: 'join', name: 'Grace', muted: false });
  assert.equal((await guest.next('over', seen)).reason, 'deactivated');
  await hub.server.post(REACTIVATE, { clientId: hub.clientId });
  await guest.join('Grace');
});

withJanus('participants wait for the moderator where the company asks for it, who may come by telephone', async (t) => {
  const hub = await startHub(t, { rails: { moderatorRequired: true } });
  const guest = guestAt(hub);
  await guest.typeCode(hub.participantPassCode);
  await once(guest.connect(), 'open');
  guest.send({ type: 'join', name: 'Grace', muted: false });
  assert.equal((await guest.next('waiting')).for, 'moderator');
  const { token } = await makeBridge(hub.server, 'default');
  const headers = { 'X-AUTH-TOKEN': token };
  const call = { callId: 'telephone-1', accessNumber: NUMBER, caller: '+14165550123' };
  const answer = await post(`${hub.server.url}/admission/json`, { ...call, digits: hub.moderatorPassCode }, headers);
  assert.equal(guest.frames.length, 1);
  await post(
    `${hub.server.url}/admission/json/events`,
    { events: [{ type: 'joined', callId: call.callId, conference: answer.json.conference }] },
    headers,
  );
  await guest.next('joined');
});

withJanus('who joins by browser is a leg as any other: listed, counted against the limit, and over when it leaves', async (t) => {
  const hub = await startHub(t, { rails: { maxParticipants: 2 } });
  const [host, guest] = [await enter(hub, 'Ada', hub.moderatorPassCode), await enter(hub, 'Grace', hub.participantPassCode)];
  const live = async () => (await get(hub.server, '/v1/conferences')).json.items.flatMap(({ participants }: any) => participants);
  await until('both are on record as joined', async () => (await live()).filter(({ joinedAt }: any) => joinedAt !== null).length === 2);
  const third = guestAt(hub);
  const page = await third.typeCode(hub.participantPassCode);
  assert.deepEqual([page.status, /This conference is full/.test(page.text)], [403, true]);
  guest.socket?.terminate();
  await until('one has left', async () => (await live()).length === 1);
  await guest.join('Grace');
  await until('he is back', async () => (await live()).length === 2);
  host.send({ type: 'leave' });
  guest.send({ type: 'leave' });
  await until('nobody is there', async () => (await live()).length === 0);
  const { items } = (await get(hub.server, '/v1/usage')).json;
  assert.deepEqual(items.map(({ role }: any) => role).toSorted(), ['moderator', 'participant']);
});

withJanus('the company’s limit of time ends a stay', async (t) => {
  const hub = await startHub(t, { rails: { maxDurationSeconds: 60 } });
  const guest = guestAt(hub);
  await guest.typeCode(hub.participantPassCode);
  hub.server.advance(59_500);
  await guest.join('Grace');
  assert.equal(await guest.over(), 'time');
});

withJanus('a seat that connects again takes the place of its first connection', async (t) => {
  const hub = await startHub(t);
  const guest = await enter(hub, 'Grace', hub.participantPassCode);
  const { participant } = await guest.next('joined');
  const first = guest.socket;
  const closed = once(first as NonNullable<typeof first>, 'close');
  const again = await guest.join('Grace');
  assert.equal((await closed)[0], 4001);
  assert.equal(again.participant, participant);
});

withJanus('Janus is killed and comes back: everybody is told to come back, waits, and is in again', async (t) => {
  const hub = await startHub(t);
  const janus = await janusOfFile();
  const guest = await enter(hub, 'Grace', hub.participantPassCode);
  await janus.kill();
  await until('the connection is closed', () => guest.closedWith === 4002);
  await once(guest.connect(), 'open');
  const seen = guest.frames.length;
  guest.send({ type: 'join', name: 'Grace', muted: false });
  assert.equal((await guest.next('waiting', seen)).for, 'engine');
  await janus.start();
  await guest.next('joined', seen);
});

withJanus('the server stops and starts: the same seat is in again', async (t) => {
  const hub = await startHub(t);
  const guest = await enter(hub, 'Grace', hub.participantPassCode);
  await hub.server.stop();
  await until('the connection is closed', () => guest.closedWith === 1012);
  const { browserSettings } = await janusOfFile();
  const server = await startTestServer(t, { ...hub.server.settings, ...browserSettings });
  const back = new WebGuest(server, hub.path);
  for (const [name, value] of guest.visitor.cookies) back.visitor.cookies.set(name, value);
  back.seat = guest.seat;
  assert.equal((await back.join('Grace')).participant, (await guest.next('joined')).participant);
});

withJanus('chat reaches who is here, in web conferences alone', async (t) => {
  const hub = await startHub(t, { hasVideo: true });
  const [host, guest] = [await enter(hub, 'Ada', hub.moderatorPassCode), await enter(hub, 'Grace', hub.participantPassCode)];
  assert.deepEqual((await guest.next('joined')).media, ['audio', 'video']);
  guest.send({ type: 'chat', text: ' Hello <b>all</b> ' });
  for (const one of [host, guest]) {
    const { name, text } = await one.next('chat');
    assert.deepEqual([name, text], ['Grace', 'Hello <b>all</b>']);
  }
  assert.ok(!hub.server.logged().includes('Hello'));
  const other = await startHub(t);
  const alone = await enter(other, 'Ada', other.moderatorPassCode);
  alone.send({ type: 'chat', text: 'Hello' });
  assert.equal((await alone.next('error')).code, 'invalid');
});

withJanus('a hostile browser gets nowhere', async (t) => {
  const hub = await startHub(t);
  const guest = await enter(hub, 'Grace', hub.participantPassCode);
  const other = guestAt(hub);
  await other.typeCode(hub.participantPassCode);

  const refused = async (options: Parameters<WebGuest['connect']>[0]): Promise<number> => {
    const [, answer] = await once(other.connect(options), 'unexpected-response');
    return answer.statusCode;
  };
  assert.equal(await refused({ origin: 'https://elsewhere.example' }), 403);
  for (const options of [{ cookie: '' }, { seat: guest.seat }, { seat: 'a'.repeat(16) }, { seat: 'nonsense' }]) {
    const seen = other.frames.length;
    other.connect(options);
    assert.equal((await other.next('over', seen)).reason, 'not_recognised');
    await until('it is closed', () => other.closedWith === 4001);
  }

  other.connect();
  await once(other.socket as NonNullable<typeof other.socket>, 'open');
  for (const frame of [
    'nonsense',
    '[]',
    { type: '__proto__' },
    { type: 'join' },
    { type: 'join', name: '\u200b', muted: false },
    { type: 'hand', up: true },
    { type: 'offer', channel: 'audio', sdp: 'v=0' },
    { type: 'end' },
  ]) {
    const seen = other.frames.length;
    other.send(frame);
    assert.equal((await other.next('error', seen)).code, 'invalid', JSON.stringify(frame));
  }
  other.send('x'.repeat(1024 * 1024));
  await until('too large a frame ends it', () => other.closedWith === 1009);
  other.connect();
  await once(other.socket as NonNullable<typeof other.socket>, 'open');
  for (let nth = 0; nth < 300; nth++) other.send({ type: 'hand', up: true });
  await until('a flood ends it', () => other.closedWith === 4008);
  // Session descriptions that are none are the engine's to refuse, and cost nobody else anything.
  guest.send({ type: 'offer', channel: 'audio', sdp: 'v=0\r\nnonsense' });
  assert.equal((await guest.next('error')).code, 'unavailable');
  guest.send({ type: 'hand', up: true });
  await enter(hub, 'Joan', hub.participantPassCode);
});
