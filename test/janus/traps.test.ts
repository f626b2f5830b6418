import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { DEACTIVATE } from '../support/bodies.ts';
import { ROOM_ADMIN_KEY, type TestJanus } from '../support/janus.ts';
import { janusFor, joinerAt, withJanus } from '../support/janus-suite.ts';
import { RtpParticipant } from '../support/rtp-participant.ts';
import { startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const AUDIO = 'janus.plugin.audiobridge';
const VIDEO = 'janus.plugin.videoroom';
const PERMANENT = { secret: 'a-room-secret', pin: '1111', permanent: true, admin_key: ROOM_ADMIN_KEY, allow_rtp_participants: true };
const NO_SUCH_ROOM = 485;
const WRONG_PIN = 489;

/** A room that Janus keeps in its own file, as we never make one. */
async function makePermanent(janus: TestJanus): Promise<number> {
  const room = randomInt(1, 2 ** 47);
  assert.deepEqual(await janus.ask({ request: 'create', room, ...PERMANENT }), { audiobridge: 'created', room, permanent: true });
  return room;
}

async function restart(janus: TestJanus): Promise<void> {
  await janus.kill();
  await janus.start();
}

async function tryJoin(janus: TestJanus, room: number, pin: string): Promise<number | undefined> {
  const one = await RtpParticipant.connect(janus);
  try {
    return (await one.join(room, pin)).code;
  } finally {
    one.leave();
  }
}

withJanus('trap 1: Janus forgets an edited PIN of a permanent room, and lets the old one in after a restart', async (t) => {
  const janus = await janusFor(t);
  const room = await makePermanent(janus);
  assert.equal((await janus.ask({ request: 'edit', room, secret: PERMANENT.secret, new_pin: '2222' })).audiobridge, 'edited');
  assert.equal(await tryJoin(janus, room, '1111'), WRONG_PIN);
  await restart(janus);
  assert.deepEqual([await tryJoin(janus, room, '1111'), await tryJoin(janus, room, '2222')], [undefined, WRONG_PIN]);
});

withJanus('trap 2: a permanent room that was destroyed is there again after a restart', async (t) => {
  const janus = await janusFor(t);
  const room = await makePermanent(janus);
  assert.equal((await janus.ask({ request: 'destroy', room, secret: PERMANENT.secret })).audiobridge, 'destroyed');
  assert.equal(await tryJoin(janus, room, '1111'), NO_SUCH_ROOM);
  await restart(janus);
  assert.equal(await tryJoin(janus, room, '1111'), undefined);
});

withJanus('trap 3: who is allowed in a permanent room is forgotten, and everybody is let in after a restart', async (t) => {
  const janus = await janusFor(t);
  const room = await makePermanent(janus);
  const allow = { request: 'allowed', room, secret: PERMANENT.secret, action: 'enable' };
  assert.equal((await janus.ask(allow)).audiobridge, 'success');
  assert.ok((await tryJoin(janus, room, '1111')) !== undefined, 'without a token nobody is let in');
  await restart(janus);
  assert.equal(await tryJoin(janus, room, '1111'), undefined);
});

withJanus(
  'none of the three can be ours: rooms are never in the files of Janus, and after a restart there are none until we make them',
  async (t) => {
    const janus = await janusFor(t);
    const server = await startTestServer(t, janus.settings);
    const joiner = await joinerAt(server);
    const { clientId, passCodes } = (await server.provision({ company: { isWebConfEnabled: true } })).data;
    const files = (): string[] => [AUDIO, VIDEO].map((plugin) => janus.configOf(plugin));
    const before = files();
    const first = (await joiner.join(passCodes.moderatorPassCode)).json.room;
    assert.equal(await tryJoin(janus, first.number, first.pin), undefined);

    const rotated = await server.post(`/v1/clients/${clientId}/rotate-passcodes`, { overlapMinutes: 0 });
    const second = (await joiner.join(rotated.json.passCodes.moderatorPassCode)).json.room;
    await until('the room of the old codes is gone', async () => !(await janus.hasRoom(first.number)));
    await restart(janus);
    await until('the room of the new codes is there again', () => janus.hasRoom(second.number));
    assert.equal(await tryJoin(janus, first.number, first.pin), NO_SUCH_ROOM, 'trap 1: the old way in does not come back');
    assert.equal(await tryJoin(janus, second.number, '1111'), WRONG_PIN, 'trap 3: it is not open to everybody');
    assert.equal(await tryJoin(janus, second.number, second.pin), undefined);

    await server.post(DEACTIVATE, { clientId });
    await until('the room is gone', async () => !(await janus.hasRoom(second.number)));
    await server.stop();
    await restart(janus);
    for (const { number, pin } of [first, second]) assert.equal(await tryJoin(janus, number, pin), NO_SUCH_ROOM, 'trap 2: nothing is back');
    assert.deepEqual(files(), before);
    const listed = await janus.ask({ request: 'list', admin_key: ROOM_ADMIN_KEY });
    assert.deepEqual(listed.list, []);
  },
);
