import assert from 'node:assert/strict';
import { test } from 'node:test';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { DEACTIVATE } from '../support/bodies.ts';
import { ROOM_ADMIN_KEY, type TestJanus } from '../support/janus.ts';
import { janusFor, joinerAt, withJanus } from '../support/janus-suite.ts';
import { readConfig } from '../../src/config.ts';
import { startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** Between Parley and Janus: does what is asked of a plugin when `wait` resolves, and answers at once, as where an answer is late. */
async function startHolding(janus: TestJanus, wait: (request: any) => Promise<void> | undefined): Promise<{ url: string; close(): void }> {
  const proxy = createServer(async (asked, answer) => {
    const body: any = await json(asked);
    await wait(body.request);
    const reply = await fetch(janus.adminUrl, { method: 'POST', body: JSON.stringify(body) });
    answer.end(await reply.text());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/admin`,
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

withJanus('a create that reaches Janus after the destroy leaves no room', async (t) => {
  const janus = await janusFor(t);
  const release = Promise.withResolvers<void>();
  let held: number | undefined;
  const holding = await startHolding(janus, (request) => {
    if (request?.request !== 'create' || request.allow_rtp_participants !== true) return undefined;
    held = request.room;
    return release.promise;
  });
  t.after(() => holding.close());
  const server = await startTestServer(t, { ...janus.settings, PARLEY_JANUS_URL: holding.url });
  const joiner = await joinerAt(server);
  const { clientId, passCodes } = (await server.provision()).data;
  const joining = joiner.join(passCodes.moderatorPassCode);
  await until('the create is under way', () => held !== undefined);
  await server.post(DEACTIVATE, { clientId });
  const state = async (): Promise<unknown> => (await server.query('select state from engine_rooms'))[0]?.state;
  await until('the destroy was answered', async () => (await state()) === 'closed');
  release.resolve();
  assert.equal((await joining).json.code, 'ENGINE_UNAVAILABLE');
  await until('the late room is gone', async () => !(await janus.hasRoom(held as number)));
  assert.equal(await state(), 'closed');
});

withJanus('a room of an ended client that came to be behind our back is found and ended', async (t) => {
  const janus = await janusFor(t);
  const server = await startTestServer(t, janus.settings);
  const joiner = await joinerAt(server);
  const { clientId, passCodes } = (await server.provision()).data;
  const { number } = (await joiner.join(passCodes.moderatorPassCode)).json.room;
  await server.post(DEACTIVATE, { clientId });
  await until('the room is gone', async () => !(await janus.hasRoom(number)));
  // A create of a server that died before it had the answer, say; but for its secret, which the test does not know.
  await janus.ask({ request: 'create', room: number, admin_key: ROOM_ADMIN_KEY, allow_rtp_participants: true });
  server.advance(60_000);
  await until('the room is gone again', async () => !(await janus.hasRoom(number)));
});

withJanus('keys that Janus does not accept let nobody in, and are told of in the log and as a metric', async (t) => {
  const janus = await janusFor(t);
  for (const wrong of ['PARLEY_JANUS_ADMIN_SECRET', 'PARLEY_JANUS_ROOM_ADMIN_KEY']) {
    const server = await startTestServer(t, { ...janus.settings, [wrong]: 'not-the-right-one' });
    const joiner = await joinerAt(server);
    const { passCodes } = (await server.provision()).data;
    const answer = await joiner.join(passCodes.moderatorPassCode);
    assert.deepEqual([answer.status, answer.json.code, answer.json.room], [503, 'ENGINE_UNAVAILABLE', undefined]);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    assert.match(text, /^parley_engine_up 0$/m);
    assert.match(text, /^parley_engine_failures_total\{engine="janus"\} [1-9]/m);
    assert.match(server.logged(), /does not accept/);
    assert.ok(!server.logged().includes('not-the-right-one'));
  }
});

withJanus('a bridge that asks for rooms where there is no engine gets 503, and refusals as ever', async (t) => {
  const server = await startTestServer(t);
  const joiner = await joinerAt(server);
  const { passCodes } = (await server.provision()).data;
  assert.equal((await joiner.join('1234567890')).json.action, 'reject');
  assert.equal((await joiner.join(passCodes.moderatorPassCode)).json.code, 'ENGINE_UNAVAILABLE');
});

test('settings of Janus are all there or none, and its secrets do not travel in the clear', () => {
  const all = { PARLEY_JANUS_URL: 'http://127.0.0.1:7088/admin', PARLEY_JANUS_ADMIN_SECRET: 'a', PARLEY_JANUS_ROOM_ADMIN_KEY: 'b' };
  assert.equal(readConfig(all).janus?.url.href, all.PARLEY_JANUS_URL);
  assert.equal(readConfig({}).janus, undefined);
  assert.throws(() => readConfig({ ...all, PARLEY_JANUS_ADMIN_SECRET: '' }), /Set PARLEY_JANUS_URL, .* or none of them/);
  assert.throws(() => readConfig({ ...all, PARLEY_JANUS_URL: 'http://janus.example.com:7088/admin' }), /PARLEY_JANUS_URL must be/);
});
