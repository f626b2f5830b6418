import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { askDoctor } from '../support/doctor.ts';
import { makeEngine } from '../support/engines.ts';
import { askJitsi, JITSI } from '../support/engines/jitsi.ts';
import { startFlakyProxy } from '../support/flaky-proxy.ts';
import { findProsody } from '../support/programs.ts';
import { type Prosody, startProsody } from '../support/prosody.ts';
import { get } from '../support/resources.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { testsWith } from '../support/tests-with.ts';
import { until } from '../support/until.ts';

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

interface LiveStage {
  server: TestServer;
  prosody: Prosody;
  clientId: number;
  room: string;
  endedBy: () => Promise<string | null>;
}

/** A room that somebody is in, and a bridge that may end it. */
async function stageLive(t: TestContext, isDefaultHost: boolean): Promise<LiveStage> {
  const { server, token } = await stage(t);
  const prosody = await startProsody(t, { api: `${server.url}/admission/jitsi`, token, isDefaultHost });
  const choices = { settings: { ...JITSI.settings, prosodyUrl: prosody.url }, secrets: JITSI.secrets };
  const ender = await makeEngine(server, 'jitsi', choices);
  const { clientId, passCodes } = (await server.provision({ client: { externalId: 2 } })).data;
  const mapped = await askJitsi(server.url, ender.token, `/conferenceMapper?id=${passCodes.moderatorPassCode}`);
  const room = (JSON.parse(mapped.text).conference as string).split('@')[0] as string;
  const endedBy = async () => (await get(server, `/v1/usage?clientId=${clientId}`)).json.items[0].endedBy as string | null;
  return { server, prosody, clientId, room, endedBy };
}

testWithProsody('a Prosody that is set up as the guide says ends a live room with its client; the doctor is content', async (t) => {
  const { server, prosody, clientId, room, endedBy } = await stageLive(t, true);
  const somebody = await prosody.join(room);
  assert.match(JSON.stringify(await askDoctor(server.settings)), /"check":"engine jitsi \d+","result":"ok"/);
  await server.post(DEACTIVATE, { clientId });
  assert.match(await somebody.out, /The meeting has been terminated/);
  await until('the leg has ended', async () => (await endedBy()) === 'ejection');
});

testWithProsody('a Prosody that answers for another host has ended nothing, and the doctor says so: it is no empty room', async (t) => {
  const { server, prosody, clientId, room, endedBy } = await stageLive(t, false);
  await prosody.join(room);
  await server.post(DEACTIVATE, { clientId });
  const failures = /^parley_engine_failures_total\{engine="jitsi"\} [1-9]/m;
  const metrics = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text();
  await until('Prosody refused, or the room counted as ended', async () => failures.test(await metrics()) || (await endedBy()) !== null);
  assert.equal(await endedBy(), null);
  const found = (await askDoctor(server.settings)).find(({ check }) => check.startsWith('engine jitsi'));
  assert.equal(found?.result, 'problem');
  assert.match(found?.detail ?? '', /muc_end_meeting.*http_default_host/);
});
