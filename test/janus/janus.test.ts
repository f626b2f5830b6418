import assert from 'node:assert/strict';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { janusFor, joinerAt, withJanus } from '../support/janus-suite.ts';
import { get } from '../support/resources.ts';
import { RtpParticipant } from '../support/rtp-participant.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const VIDEO = 'janus.plugin.videoroom';
const NO_SUCH_ROOM = 485;
const WRONG_PIN = 489;

async function metric(server: TestServer, name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}

withJanus(
  'who is let in joins by plain RTP and is heard; after deactivation everybody is out and refused, and still after Janus was killed',
  async (t) => {
    const janus = await janusFor(t);
    const server = await startTestServer(t, janus.settings);
    const joiner = await joinerAt(server);
    const [ended, going] = [
      (await server.provision({ client: { externalId: 1 } })).data,
      (await server.provision({ client: { externalId: 2 } })).data,
    ];

    const [first, second, other] = [
      await joiner.join(ended.passCodes.moderatorPassCode),
      await joiner.join(ended.passCodes.participantPassCode),
      await joiner.join(going.passCodes.moderatorPassCode),
    ];
    assert.deepEqual([first.status, first.json.action, second.json.action], [200, 'accept', 'accept']);
    const { room } = first.json;
    assert.deepEqual(second.json.room, room, 'both codes open one room');
    assert.notEqual(other.json.room.number, room.number);
    assert.ok(!JSON.stringify(first.json).includes('secret'));

    const [host, guest, stranger] = [
      await RtpParticipant.connect(janus),
      await RtpParticipant.connect(janus),
      await RtpParticipant.connect(janus),
    ];
    t.after(() => [host, guest, stranger].forEach((one) => one.leave()));
    assert.deepEqual(await stranger.join(room.number, '000000000000'), { joined: false, code: WRONG_PIN });
    assert.deepEqual(await host.join(room.number, room.pin), { joined: true, code: undefined });
    assert.deepEqual(await guest.join(room.number, room.pin), { joined: true, code: undefined });
    await until('the guest gets the mix', () => guest.received >= 10);
    assert.equal(guest.heard, 0, 'nobody has said anything');
    host.talk();
    await until('the guest hears the host', () => guest.heard >= 10);

    assert.equal((await server.post(DEACTIVATE, { clientId: ended.clientId })).status, 200);
    assert.equal((await joiner.join(ended.passCodes.moderatorPassCode)).json.action, 'reject');
    await until('both are thrown out', () => host.events.includes('destroyed') && guest.events.includes('destroyed'));
    assert.deepEqual(await stranger.join(room.number, room.pin), { joined: false, code: NO_SUCH_ROOM });
    await until(
      'the time that it took was measured',
      async () => (await metric(server, 'parley_engine_ejected_after_deactivation_seconds_count{engine="janus"}')) === 1,
    );
    t.diagnostic(
      `ejected ${await metric(server, 'parley_engine_last_ejected_after_deactivation_seconds{engine="janus"}')} s after the deactivation`,
    );
    const live = async (): Promise<string[]> => (await get(server, '/v1/conferences')).json.items.map((one: any) => one.conference);
    await until('the conference is over', async () => !(await live()).includes(first.json.conference));
    assert.ok((await live()).includes(other.json.conference));

    await janus.kill();
    await until('it is seen that the engine is away', async () => (await metric(server, 'parley_engine_up')) === 0);
    const away = await joiner.join(going.passCodes.moderatorPassCode);
    assert.deepEqual([away.status, away.json.code], [503, 'ENGINE_UNAVAILABLE']);
    assert.equal((await server.provision({ client: { externalId: 3 } })).status, 200);
    await janus.start();
    await until('the room of the active client is there again', () => janus.hasRoom(other.json.room.number));
    assert.equal(await janus.hasRoom(room.number), false);
    const [again, refused] = [await RtpParticipant.connect(janus), await RtpParticipant.connect(janus)];
    t.after(() => [again, refused].forEach((one) => one.leave()));
    assert.equal((await again.join(other.json.room.number, other.json.room.pin)).joined, true);
    assert.deepEqual(await refused.join(room.number, room.pin), { joined: false, code: NO_SUCH_ROOM });
    assert.equal((await joiner.join(ended.passCodes.participantPassCode)).json.action, 'reject');

    await server.post(REACTIVATE, { clientId: ended.clientId });
    const back = (await joiner.join(ended.passCodes.moderatorPassCode)).json;
    assert.notEqual(back.room.number, room.number);
    assert.notEqual(back.room.pin, room.pin);
  },
);

withJanus('a client who was ended while Janus was away is out as soon as Janus answers', async (t) => {
  const janus = await janusFor(t);
  const server = await startTestServer(t, janus.settings);
  const joiner = await joinerAt(server);
  const { clientId, passCodes } = (await server.provision()).data;
  const { room } = (await joiner.join(passCodes.moderatorPassCode)).json;
  await janus.kill();
  const startedAt = performance.now();
  assert.equal((await server.post(DEACTIVATE, { clientId })).status, 200);
  assert.ok(performance.now() - startedAt < 2_000, 'the call did not wait for the engine');
  await until(
    'it is known that the engine has something to be told',
    async () => (await metric(server, 'parley_engine_rooms_pending')) === 1,
  );
  await janus.start();
  await until('the engine was told', async () => (await metric(server, 'parley_engine_rooms_pending')) === 0, { withinMs: 60_000 });
  assert.equal(await janus.hasRoom(room.number), false);
});

withJanus('rotated pass codes end the room when the old ones end, and the new ones open another', async (t) => {
  const janus = await janusFor(t);
  const server = await startTestServer(t, janus.settings);
  const joiner = await joinerAt(server);
  const { clientId, passCodes } = (await server.provision()).data;
  const { room } = (await joiner.join(passCodes.moderatorPassCode)).json;
  const inside = await RtpParticipant.connect(janus);
  t.after(() => inside.leave());
  await inside.join(room.number, room.pin);
  const rotated = await server.post(`/v1/clients/${clientId}/rotate-passcodes`, { overlapMinutes: 0 });
  assert.equal(rotated.status, 200);
  await until('who came by the old code is out', () => inside.events.includes('destroyed'));
  const next = (await joiner.join(rotated.json.passCodes.moderatorPassCode)).json;
  assert.notEqual(next.room.number, room.number);
  assert.deepEqual(await inside.join(room.number, room.pin), { joined: false, code: NO_SUCH_ROOM });
  assert.equal((await joiner.join(passCodes.moderatorPassCode)).json.action, 'reject');
});

withJanus('a company with web conferencing has a video room of the same number, which ends with the client too', async (t) => {
  const janus = await janusFor(t);
  const server = await startTestServer(t, janus.settings);
  const joiner = await joinerAt(server);
  const [voice, video] = [
    (await server.provision({ company: { externalId: 1, isWebConfEnabled: false }, client: { externalId: 1 } })).data,
    (await server.provision({ company: { externalId: 2, isWebConfEnabled: true }, client: { externalId: 2 } })).data,
  ];
  const [ofVoice, ofVideo] = [
    (await joiner.join(voice.passCodes.moderatorPassCode)).json.room,
    (await joiner.join(video.passCodes.moderatorPassCode)).json.room,
  ];
  assert.deepEqual([ofVoice.media, ofVideo.media], [['audio'], ['audio', 'video']]);
  const rooms = async (): Promise<boolean[]> => [
    await janus.hasRoom(ofVoice.number),
    await janus.hasRoom(ofVoice.number, VIDEO),
    await janus.hasRoom(ofVideo.number),
    await janus.hasRoom(ofVideo.number, VIDEO),
  ];
  assert.deepEqual(await rooms(), [true, false, true, true]);
  await server.post(`/v1/clients/${video.clientId}/terminate`, {});
  await until('both rooms of the one are gone', async () => String(await rooms()) === 'true,false,false,false');
});
