import assert from 'node:assert/strict';
import { assertUsable, assertWithinReach } from '../support/accessibility.ts';
import { NUMBER, putInService } from '../support/admission.ts';
import { DEACTIVATE } from '../support/bodies.ts';
import {
  browserOfFile,
  type Guest,
  heardBy,
  hears,
  janusOfFile,
  joinAs,
  sayName,
  startHub,
  typeCode,
  withJanusAndBrowser,
} from '../support/conference.ts';
import { joinerAt } from '../support/janus-suite.ts';
import { RtpParticipant } from '../support/rtp-participant.ts';
import { startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** The fake microphone beeps each second. */
const LISTEN_MS = 2_500;

async function energyWithin(guest: Guest, ms: number): Promise<number> {
  const before = await heardBy(guest);
  await guest.page.waitForTimeout(ms);
  return (await heardBy(guest)).energy - before.energy;
}

const button = ({ page }: Guest, name: string) => page.getByRole('button', { name, exact: true });

withJanusAndBrowser(
  'a moderator and a guest type their codes, each hears the other and a telephone, and a muted guest is silence',
  async (t) => {
    const hub = await startHub(t);
    const [host, guest] = await Promise.all([
      joinAs(t, hub, 'Ada', hub.moderatorPassCode),
      joinAs(t, hub, 'Grace', hub.participantPassCode),
    ]);
    await host.page.getByRole('listitem').filter({ hasText: 'Grace' }).waitFor();
    await guest.page.getByRole('listitem').filter({ hasText: 'moderator' }).waitFor();
    await Promise.all([hears(host), hears(guest)]);
    assert.deepEqual([await button(host, 'End for all').count(), await button(guest, 'End for all').count()], [1, 0]);

    // The only other one is muted, by the moderator: nothing more is heard.
    await button(host, 'Mute Grace').click();
    await button(guest, 'Unmute').waitFor();
    await guest.page.getByText('You were muted by the moderator.').waitFor();
    await until('the last of the sound has gone', async () => (await energyWithin(host, 200)) < 1e-7);
    assert.ok((await energyWithin(host, LISTEN_MS)) < 1e-6);
    await guest.page.keyboard.press('m');
    await hears(host);

    const janus = await janusOfFile();
    const { room } = (await (await joinerAt(hub.server)).join(hub.participantPassCode)).json;
    const telephone = await RtpParticipant.connect(janus);
    t.after(() => telephone.leave());
    await telephone.join(room.number, room.pin);
    telephone.talk();
    await until('the telephone hears the browsers', () => telephone.heard >= 5);
    await guest.page.getByRole('listitem').filter({ hasText: 'Caller by telephone' }).waitFor();
    await button(host, 'Mute').click();
    await button(guest, 'Mute').click();
    await Promise.all([hears(host), hears(guest)]);
  },
);

withJanusAndBrowser('camera and screen arrive at the others, and are gone when they are turned off', async (t) => {
  const hub = await startHub(t, { hasVideo: true });
  const [host, guest] = await Promise.all([joinAs(t, hub, 'Ada', hub.moderatorPassCode), joinAs(t, hub, 'Grace', hub.participantPassCode)]);
  await button(host, 'Turn the camera on').click();
  await guest.page.getByText('Camera of Ada').waitFor();
  const growing = async (): Promise<void> => {
    const before = (await heardBy(guest)).frames;
    await until('pictures arrive', async () => (await heardBy(guest)).frames > before + 10);
  };
  await growing();
  const ownCamera = (): Promise<string> => host.page.evaluate(`document.querySelector('.own video').srcObject.getVideoTracks()[0].label`);
  const before = await ownCamera();
  await host.page.locator('summary').click();
  await host.page.getByRole('combobox', { name: 'Camera' }).selectOption({ index: 2 });
  await until('the other camera is shown', async () => (await ownCamera().catch(() => before)) !== before);
  await growing();
  await button(host, 'Share your screen').click();
  await guest.page.getByText('Screen of Ada').waitFor();
  await growing();
  await button(host, 'Turn the camera off').click();
  await guest.page.getByText('Camera of Ada').waitFor({ state: 'detached' });
  await growing();
  await button(host, 'Stop sharing your screen').click();
  await guest.page.getByText('Screen of Ada').waitFor({ state: 'detached' });
  await guest.page.getByLabel('Your message').fill('Hello');
  await guest.page.keyboard.press('Enter');
  await host.page.getByRole('list').getByText('Hello').waitFor();
});

withJanusAndBrowser(
  'Janus is killed, then Parley: participants are back without doing anything; deactivation says why it ends',
  async (t) => {
    const hub = await startHub(t);
    const [host, guest] = await Promise.all([
      joinAs(t, hub, 'Ada', hub.moderatorPassCode),
      joinAs(t, hub, 'Grace', hub.participantPassCode),
    ]);
    await hears(guest);
    const janus = await janusOfFile();
    await janus.kill();
    await guest.page.getByText('You are being connected again').waitFor();
    await janus.start();
    await guest.page.getByText('You are being connected again').waitFor({ state: 'detached' });
    await Promise.all([hears(host), hears(guest)]);

    await hub.server.stop();
    await guest.page.getByText('You are being connected again').waitFor();
    const { port } = new URL(hub.server.url);
    const server = await startTestServer(t, { ...hub.server.settings, ...janus.browserSettings, PARLEY_PORT: port });
    await guest.page.getByText('You are being connected again').waitFor({ state: 'detached' });
    await Promise.all([hears(host), hears(guest)]);

    await server.post(DEACTIVATE, { clientId: hub.clientId });
    for (const { page } of [host, guest]) await page.getByText('This conference is over: its code opens nothing any more.').waitFor();
    await guest.page.getByRole('link', { name: 'Back to the hub' }).click();
    await guest.page.getByLabel('Code of the conference').fill(hub.participantPassCode);
    await guest.page.keyboard.press('Enter');
    await guest.page.getByRole('alert').waitFor();
  },
);

for (const colorScheme of ['light', 'dark'] as const)
  withJanusAndBrowser(
    `every state of the conference page is usable by all, in the ${colorScheme}, in both languages, and on a telephone`,
    async (t) => {
      const hub = await startHub(t, { hasVideo: true });
      const guest = await joinAs(t, hub, 'Grace', hub.participantPassCode);
      for (const language of ['en', 'fr']) {
        const context = await (await browserOfFile()).newContext({ colorScheme, locale: language });
        t.after(() => context.close());
        const page = await context.newPage();
        const look = async (what: string): Promise<void> => {
          await assertUsable(page, `${what} (${language})`);
          await page.setViewportSize({ width: 320, height: 740 });
          await assertWithinReach(page, `${what} on a telephone (${language})`);
          await page.setViewportSize({ width: 1280, height: 860 });
        };
        await page.goto(`${hub.address}?code=${hub.moderatorPassCode}`);
        await look('the code');
        await page.locator('[name=code]').press('Enter');
        await page.locator('[name=name]').fill('Ada');
        await page.locator('meter').waitFor();
        await look('name and devices');
        await page.locator('select').last().selectOption({ index: 1 });
        await page.locator('video').waitFor();
        await look('the camera');
        await page.keyboard.press('Tab');
        await page.locator('form button').click();
        await page.locator('.people').waitFor();
        await page.locator('input[name=text]').fill('Hello');
        await page.locator('input[name=text]').press('Enter');
        await page.locator('.chat').waitFor();
        await look('the conference');
        await page.locator('.moderation .danger').click();
        await page.locator('dialog').waitFor();
        await look('a question');
        await page.keyboard.press('Escape');
        await page.locator('.controls .danger').click();
        await page.locator('main.card').waitFor();
        await look('the end');
      }
      await button(guest, 'Leave').waitFor();
    },
  );

withJanusAndBrowser('who may not use a microphone is told what to do, and may listen', async (t) => {
  const hub = await startHub(t);
  const host = await joinAs(t, hub, 'Ada', hub.moderatorPassCode);
  const guest = await typeCode(t, hub, hub.participantPassCode);
  await guest.page.addInitScript(`navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));`);
  await guest.page.reload();
  await guest.page.getByRole('alert').getByText('This page may not use your microphone.').waitFor();
  await guest.page.getByLabel('Your name').fill('Grace');
  await button(guest, 'Join and only listen').click();
  await host.page.getByRole('listitem').filter({ hasText: 'Grace' }).waitFor();
  await hears(guest);

  // Who only listens is muted. The microphone is asked for again by whoever wants to be heard.
  await host.page.getByRole('listitem').filter({ hasText: 'Grace' }).getByText('muted').waitFor();
  await button(guest, 'Unmute').click();
  await guest.page.getByRole('alert').getByText('This page may not use your microphone.').waitFor();
  assert.equal(await button(guest, 'Unmute').count(), 1);
  await guest.page.evaluate('delete navigator.mediaDevices.getUserMedia');
  await button(guest, 'Unmute').click();
  await button(guest, 'Mute').waitFor();
  await hears(host);
});

withJanusAndBrowser('a browser that plays nothing before a click says so, and plays after it', async (t) => {
  const hub = await startHub(t);
  const guest = await typeCode(t, hub, hub.participantPassCode);
  await guest.page.addInitScript(`
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
      return navigator.userActivation.isActive && window.isPatient ? play.call(this) : Promise.reject(new DOMException('', 'NotAllowedError'));
    };`);
  await guest.page.reload();
  await sayName(guest, 'Grace');
  await button(guest, 'Turn the sound on').waitFor();
  await assertUsable(guest.page, 'sound that waits for a click');
  await guest.page.evaluate('window.isPatient = true');
  await button(guest, 'Turn the sound on').click();
  await button(guest, 'Turn the sound on').waitFor({ state: 'detached' });
});

withJanusAndBrowser('a host who is signed in starts with one click', async (t) => {
  const hub = await startHub(t, { password: 'correct-horse-7' });
  const context = await (await browserOfFile()).newContext({ locale: 'en' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${hub.address}/sign-in`);
  await page.locator('[name=login]').fill(String(hub.clientId));
  await page.locator('[name=password]').fill('correct-horse-7');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Start the conference in this browser' }).click();
  await sayName({ page, context }, 'Ada');
  await page.getByRole('button', { name: 'End for all' }).waitFor();
});

withJanusAndBrowser('where no way leads through the network, it is said with the numbers to dial, and tried again by itself', async (t) => {
  const hub = await startHub(t);
  await putInService(hub.server, NUMBER, 'default');
  const guest = await typeCode(t, hub, hub.participantPassCode);
  // As a firewall that lets nothing but pages through: only relays are tried, and there is none.
  await guest.page.addInitScript(`
    const Through = RTCPeerConnection;
    window.isOpen = false;
    window.RTCPeerConnection = class extends Through {
      constructor(given) { super(window.isOpen ? given : { ...given, iceTransportPolicy: 'relay' }); }
    };`);
  await guest.page.clock.install();
  await guest.page.reload();
  await sayName(guest, 'Grace');
  await guest.page.getByRole('heading', { name: /^People here/ }).waitFor();
  await guest.page.clock.fastForward(12_000);
  const told = guest.page.getByRole('alert').getByText('Neither sound nor picture find a way through your network.');
  await told.waitFor();
  assert.equal(await guest.page.getByRole('alert').getByRole('link').getAttribute('href'), `tel:${NUMBER}`);
  await guest.page.evaluate('window.isOpen = true');
  await guest.page.clock.fastForward(5_000);
  await told.waitFor({ state: 'detached' });
});

withJanusAndBrowser(
  'a camera that was chosen stays off where the conference has no video; the microphone that was chosen is shown; blanks are no name',
  async (t) => {
    const hub = await startHub(t);
    const guest = await typeCode(t, hub, hub.participantPassCode);
    const { page } = guest;
    await page.addInitScript(`
    window.opened = [];
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wish) => { const stream = await ask(wish); window.opened.push(...stream.getVideoTracks()); return stream; };`);
    await page.reload();
    await page.locator('meter').waitFor();
    await page.locator('select').first().selectOption({ label: 'Fake Audio Input 2' });
    await page.locator('select').nth(1).selectOption({ index: 1 });
    await page.locator('video').waitFor();
    await page.getByLabel('Your name').fill('   ');
    await button(guest, 'Join').click();
    assert.equal(await page.evaluate('document.querySelector("[name=name]").matches(":invalid")'), true);
    await sayName(guest, 'Grace');
    await page.getByRole('heading', { name: /^People here/ }).waitFor();
    assert.equal(await page.evaluate('document.activeElement.tagName'), 'H1');
    await page.locator('summary').click();
    await page.locator('select').waitFor();
    assert.equal(await page.evaluate('document.querySelector("select").selectedOptions[0].label'), 'Fake Audio Input 2');
    assert.deepEqual(await page.evaluate('window.opened.map((track) => track.readyState)'), ['ended']);
    assert.equal(await page.locator('video').count(), 0);
  },
);
