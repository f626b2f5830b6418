import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { readConfig } from '../../src/config.ts';
import { startHub } from '../support/conference.ts';
import { withJanus } from '../support/janus-suite.ts';
import { startTestServer } from '../support/server.ts';
import { WebGuest } from '../support/web-guest.ts';

const JANUS = { PARLEY_JANUS_URL: 'http://127.0.0.1:7088/admin', PARLEY_JANUS_ADMIN_SECRET: 'a', PARLEY_JANUS_ROOM_ADMIN_KEY: 'b' };
const SECRET = 'a-secret-of-the-turn-server';

test('wrong settings of conferences in the browser stop the start with a sentence', () => {
  for (const [settings, sentence] of [
    [{ ...JANUS, PARLEY_JANUS_SESSIONS_URL: 'http://127.0.0.1:8188' }, /PARLEY_JANUS_SESSIONS_URL must be/],
    [{ ...JANUS, PARLEY_JANUS_SESSIONS_URL: 'ws://janus.example.com:8188' }, /PARLEY_JANUS_SESSIONS_URL must be/],
    [{ PARLEY_JANUS_SESSIONS_URL: 'ws://127.0.0.1:8188' }, /PARLEY_JANUS_URL is not/],
    [{ ...JANUS, PARLEY_JANUS_API_SECRET: 'c' }, /PARLEY_JANUS_SESSIONS_URL is not/],
    [{ PARLEY_ICE_SERVERS: 'turn.example.com' }, /PARLEY_ICE_SERVERS must be/],
    [{ PARLEY_ICE_SERVERS: 'turn:turn.example.com:3478' }, /PARLEY_TURN_SECRET is not set/],
    [{ PARLEY_ICE_SERVERS: 'stun:stun.example.com', PARLEY_TURN_SECRET: SECRET }, /names no TURN server/],
  ] as const)
    assert.throws(() => readConfig(settings), sentence, JSON.stringify(settings));
  const { janus, ice } = readConfig({ ...JANUS, PARLEY_JANUS_SESSIONS_URL: 'wss://janus.example.com/ws', PARLEY_JANUS_API_SECRET: 'c' });
  assert.equal(janus?.sessions?.url.href, 'wss://janus.example.com/ws');
  assert.deepEqual(ice.servers, []);
});

test('where no Janus takes browsers, a hub is for telephones', async (t) => {
  const server = await startTestServer(t);
  const { data } = await server.provision();
  const guest = new WebGuest(server, `/hub/${data.hub.hubUrl}`);
  assert.doesNotMatch((await guest.visitor.open(`/hub/${data.hub.hubUrl}`)).text, /<form/);
  assert.equal((await guest.typeCode(data.passCodes.moderatorPassCode)).status, 404);
});

withJanus('each participant gets credentials of his own for the TURN server, which end by themselves', async (t) => {
  const servers = 'stun:stun.example.com:3478,turn:turn.example.com:3478?transport=udp,turns:turn.example.com:5349';
  const hub = await startHub(t, { settings: { PARLEY_ICE_SERVERS: servers, PARLEY_TURN_SECRET: SECRET } });
  const guest = new WebGuest(hub.server, hub.path);
  const { iceServers, participant } = await guest.enter('Grace', hub.participantPassCode);
  const [stun, turn] = iceServers;
  assert.deepEqual(stun, { urls: ['stun:stun.example.com:3478'] });
  assert.deepEqual(turn.urls, ['turn:turn.example.com:3478?transport=udp', 'turns:turn.example.com:5349']);
  const [expiry, id] = turn.username.split(':');
  assert.equal(id, participant);
  const seconds = Number(expiry) - hub.server.now() / 1000;
  assert.ok(seconds > 23 * 3600 && seconds <= 24 * 3600);
  // As coturn computes it with use-auth-secret (https://github.com/coturn/coturn/wiki/turnserver).
  assert.equal(turn.credential, createHmac('sha1', SECRET).update(turn.username).digest('base64'));
  assert.ok(!hub.server.logged().includes(SECRET));
});
