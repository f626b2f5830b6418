import assert from 'node:assert/strict';
import { type Guest, hears, joinAs, sayName, startHub, typeCode } from '../support/conference.ts';
import { findChromium, findCoturn, findJanus } from '../support/programs.ts';
import { testsWith } from '../support/tests-with.ts';
import { startTurn } from '../support/turn.ts';
import { until } from '../support/until.ts';

const withTurn = testsWith('Janus, Chromium and coturn', () => [findJanus(), findChromium(), findCoturn()].join());

/** The kinds of the candidates between which sound really goes. */
function waysOf({ page }: Guest): Promise<string[]> {
  return page.evaluate(`(async () => {
    const ways = [];
    for (const peer of window.peers.filter((one) => one.connectionState === 'connected')) {
      const reports = await peer.getStats();
      for (const pair of reports.values())
        if (pair.type === 'candidate-pair' && pair.nominated && pair.state === 'succeeded') ways.push(reports.get(pair.localCandidateId).candidateType);
    }
    return ways;
  })()`);
}

withTurn('a browser that gets nowhere but to the TURN server is heard, and hears, with credentials that end by themselves', async (t) => {
  const turn = await startTurn((end) => t.after(end));
  const hub = await startHub(t, { settings: turn.settings, hasVideo: true });
  const host = await joinAs(t, hub, 'Ada', hub.moderatorPassCode);
  const guest = await typeCode(t, hub, hub.participantPassCode);
  await guest.page.addInitScript(`
    const Through = RTCPeerConnection;
    window.credentials = [];
    window.RTCPeerConnection = class extends Through {
      constructor(given) { super({ ...given, iceTransportPolicy: 'relay' }); window.credentials.push(given.iceServers[0]); }
    };`);
  await guest.page.reload();
  await sayName(guest, 'Grace');
  await guest.page.getByRole('heading', { name: /^People here/ }).waitFor();
  await Promise.all([hears(host), hears(guest)]);
  assert.deepEqual(await waysOf(guest), ['relay']);
  const [{ username }] = (await guest.page.evaluate('window.credentials')) as [{ username: string }];
  const endsAt = Number(username.split(':')[0]) * 1000;
  assert.ok(endsAt > hub.server.now() && endsAt <= hub.server.now() + 24 * 3_600_000, username);
  assert.match(turn.log(), new RegExp(`user <${username}>.*ALLOCATE processed, success`));

  // Pictures go the same way.
  await host.page.getByRole('button', { name: 'Turn the camera on', exact: true }).click();
  await guest.page.getByText('Camera of Ada').waitFor();
  await until('a picture arrives', () => guest.page.evaluate(`document.querySelector('video').videoWidth > 0`));
  assert.deepEqual(new Set(await waysOf(guest)), new Set(['relay']));
});
