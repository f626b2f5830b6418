import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { makeEngine } from '../support/engines.ts';
import { askJitsi } from '../support/engines/jitsi.ts';
import { startFlakyProxy } from '../support/flaky-proxy.ts';
import { findProsody } from '../support/programs.ts';
import { startProsody } from '../support/prosody.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { testsWith } from '../support/tests-with.ts';

const testWithProsody = testsWith('Prosody', findProsody);

interface Stage {
  server: TestServer;
  token: string;
  clientId: number;
  /** The client's, as the mapper names it. */
  room: string;
}

async function stage(t: TestContext): Promise<Stage> {
  const server = await startTestServer(t);
  const { token } = await makeEngine(server, 'jitsi');
  const { clientId, passCodes } = (await server.provision()).data;
  const mapped = await askJitsi(server.url, token, `/conferenceMapper?id=${passCodes.moderatorPassCode}`);
  return { server, token, clientId, room: (JSON.parse(mapped.text).conference as string).split('@')[0] as string };
}

testWithProsody("Prosody, set up as the guide says, opens an active client's room and no other, whoever asks", async (t) => {
  const { server, token, clientId, room } = await stage(t);
  const prosody = await startProsody(t, { api: `${server.url}/admission/jitsi`, token });
  assert.equal(await prosody.open(room), 'ready');
  assert.equal(await prosody.open('anything'), '403');
  assert.equal(await prosody.open(`c-${'0'.repeat(32)}`), '403');
  await server.post(DEACTIVATE, { clientId });
  assert.equal(await prosody.open(room), '403', 'stays shut');
  await server.post(REACTIVATE, { clientId });
  assert.equal(await prosody.open(room), 'ready');
});

testWithProsody('in the MUC component the plugin is never asked, and every room is open: where the guide does not put it', async (t) => {
  const { server, token, clientId, room } = await stage(t);
  const prosody = await startProsody(t, { api: `${server.url}/admission/jitsi`, token, isInMuc: true });
  await server.post(DEACTIVATE, { clientId });
  assert.equal(await prosody.open(room), 'ready');
  assert.match(prosody.logged(), /not set up: every room stays open/);
});

testWithProsody(
  'a failure of Parley is tried again and a room stays shut as long as it lasts; a wrong credential opens nothing',
  async (t) => {
    const { server, token, room } = await stage(t);
    const proxy = await startFlakyProxy(t, () => server.url);
    const prosody = await startProsody(t, { api: `${proxy.url}/admission/jitsi`, token, retryDelay: 0.2 });
    const away = { status: 503, headers: { 'content-type': 'application/json' }, body: '{}' };
    proxy.fates = [away, away];
    assert.equal(await prosody.open(room), 'ready');
    assert.equal(proxy.asked.length, 3);
    proxy.fates = [away, away, away, away];
    assert.equal(await prosody.open(room), '503');
    assert.equal(proxy.asked.length, 7, 'three more times, and then no more');
    assert.equal(await prosody.open(room), 'ready');
    const stranger = await startProsody(t, { api: `${server.url}/admission/jitsi`, token: 'parley_bridge_nobodys', retryDelay: 0.2 });
    assert.equal(await stranger.open(room), '401');
  },
);

testWithProsody('where no answer comes in time the room stays shut, and nobody asks again', async (t) => {
  const { token, room } = await stage(t);
  let asked = 0;
  const silent = createServer(() => void asked++).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.after(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const api = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/admission/jitsi`;
  const prosody = await startProsody(t, { api, token, retryDelay: 0.1, timeout: 0.5 });
  assert.equal(await prosody.open(room), '0');
  assert.equal(asked, 1);
});
