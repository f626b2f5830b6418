import assert from 'node:assert/strict';
import { buildIfOlder } from '../../scripts/build-pages.ts';
import { hears, janusOfFile, joinAs, startHub, withJanusAndBrowser } from '../support/conference.ts';
import { createTestDatabase } from '../support/database.ts';
import { withJanus } from '../support/janus-suite.ts';
import { startNginx } from '../support/nginx.ts';
import { startNodes } from '../support/nodes.ts';
import { startServerProcess } from '../support/process.ts';
import { startTestServer, TEST_TOKEN } from '../support/server.ts';
import { get } from '../support/resources.ts';
import { until } from '../support/until.ts';
import { WebGuest } from '../support/web-guest.ts';

withJanus(
  'participants meet whichever node each is on; of one that is killed they are back on another, and its legs are one each',
  async (t) => {
    const hub = await startHub(t, { hasVideo: true });
    const { browserSettings } = await janusOfFile();
    const node = await startServerProcess(t, { ...hub.server.settings, ...browserSettings, PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN });
    const host = new WebGuest(hub.server, hub.path);
    const guest = new WebGuest(node, hub.path);
    await host.enter('Ada', hub.moderatorPassCode);
    const { participant, participants } = await guest.enter('Grace', hub.participantPassCode);
    assert.deepEqual(
      participants.map(({ name, role }: any) => [name, role]),
      [['Ada', 'moderator']],
    );
    assert.equal((await host.next('participant')).name, 'Grace');
    const gone = new WebGuest(node, hub.path);
    await gone.enter('Joan', hub.participantPassCode);
    guest.send({ type: 'chat', text: 'Hello' });
    assert.equal((await host.next('chat')).text, 'Hello');
    host.send({ type: 'lock', locked: true });
    await guest.next('locked');
    host.send({ type: 'mute-participant', participant });
    await guest.next('muted');

    await node.end('SIGKILL');
    await until('the connection has ended', () => guest.closedWith !== undefined);
    await host.next('left', 0, ({ id }) => id === participant);
    const other = await startTestServer(t, { ...hub.server.settings, ...browserSettings });
    const back = new WebGuest(other, hub.path);
    for (const [name, value] of guest.visitor.cookies) back.visitor.cookies.set(name, value);
    back.seat = guest.seat;
    assert.equal((await back.join('Grace')).participant, participant, 'the lock keeps out who was not in');
    const seen = host.frames.length;
    host.send({ type: 'remove', participant });
    assert.equal(await back.over(), 'removed');
    await host.next('left', seen);
    const { items } = (await get(hub.server, '/v1/usage')).json;
    assert.deepEqual(items.map(({ role }: any) => role).toSorted(), ['moderator', 'participant', 'participant']);

    // Who does not come back is not there for ever.
    hub.server.advance(60_000);
    const live = async () => (await get(hub.server, '/v1/conferences')).json.items.flatMap((one: any) => one.participants);
    await until('the host alone is on record', async () => (await live()).length === 1);
    assert.equal((await live())[0].role, 'moderator');
  },
);

withJanusAndBrowser('a browser behind nginx whose node is killed is back on another, and heard, without doing anything', async (t) => {
  await buildIfOlder('conference');
  const { browserSettings } = await janusOfFile();
  const url = await createTestDatabase();
  const nodes = await startNodes(t, [url, url], { ...browserSettings, PARLEY_TRUSTED_PROXIES: '127.0.0.1' });
  const [one, other] = nodes.map(({ process }) => process);
  assert.ok(one !== undefined && other !== undefined);
  const nginx = await startNginx(t, [one.url, other.url, other.url]);
  const { data } = await (nodes[0] as (typeof nodes)[0]).calls.provision();
  const address = `http://localhost:${new URL(nginx.url).port}/hub/${data.hub.hubUrl.split('.')[0]}`;
  const guests = [
    await joinAs(t, { address }, 'Ada', data.passCodes.moderatorPassCode),
    await joinAs(t, { address }, 'Grace', data.passCodes.participantPassCode),
  ] as const;
  await Promise.all(guests.map(hears));

  const socketsAt = ({ url: node }: { url: string }): number => nginx.triesAt(node).filter((status) => status === '101').length;
  await one.end('SIGKILL');
  await until('a browser was connected to the node that was killed', () => socketsAt(one) > 0);
  for (const { page } of guests) await page.getByRole('heading', { name: 'People here (2)' }).waitFor();
  await Promise.all(guests.map(hears));
  for (const { page } of guests) assert.equal(await page.getByText('You are being connected again').count(), 0);
});
