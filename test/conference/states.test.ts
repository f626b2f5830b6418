import assert from 'node:assert/strict';
import type { test } from 'node:test';
import type { Page, WebSocketRoute } from 'playwright-core';
import { CATALOGUES } from '../../src/texts/texts.ts';
import { assertUsable, assertWithinReach } from '../support/accessibility.ts';
import { browserOfFile, startHub, type TestHub, withJanusAndBrowser } from '../support/conference.ts';

const LONG = 'Wolfeschlegelsteinhausenbergerdorff';
const JOINED = {
  type: 'joined',
  participant: 'me',
  role: 'moderator',
  media: ['audio', 'video'],
  locked: true,
  iceServers: [],
  participants: [
    { id: 'a', name: `Ada ${LONG}`, role: 'participant', muted: false, hand: true, by: 'web' },
    { id: 'b', name: '', role: 'participant', muted: true, hand: false, by: 'telephone' },
  ],
};

/** What the server says in place of the server, once the page has asked to join. */
type Script = readonly object[];

/** Every reason that docs/conference-protocol.md names. */
const REASONS = ['left', 'ended', 'removed', 'locked', 'full', 'deactivated', 'time', 'replaced', 'not_recognised'] as const;
const STATES: Readonly<Record<string, { script: Script; shows: keyof (typeof CATALOGUES)['en'] }>> = {
  'waiting for the moderator': { script: [{ type: 'waiting', for: 'moderator' }], shows: 'conference.waiting.moderator' },
  'waiting for the engine': { script: [{ type: 'waiting', for: 'engine' }], shows: 'conference.waiting.engine' },
  'muted by a moderator': { script: [JOINED, { type: 'muted', by: 'moderator' }], shows: 'conference.news.muted' },
  'what is not allowed': {
    script: [JOINED, { type: 'error', command: 'lock', code: 'not_allowed', message: '' }],
    shows: 'conference.error.not_allowed',
  },
  'what did not work': {
    script: [JOINED, { type: 'error', command: 'mute', code: 'unavailable', message: '' }],
    shows: 'conference.error.unavailable',
  },
  'somebody who is gone': {
    script: [JOINED, { type: 'error', command: 'remove', code: 'unknown_participant', message: '' }],
    shows: 'conference.error.unknown_participant',
  },
  'a message': {
    script: [JOINED, { type: 'talking', id: 'a', talking: true }, { type: 'chat', id: 'a', name: 'Ada', text: LONG.repeat(9), at: 0 }],
    shows: 'conference.chat.what',
  },
  ...Object.fromEntries(
    REASONS.map((reason) => [`the end: ${reason}`, { script: [{ type: 'over', reason }], shows: `conference.over.${reason}` as const }]),
  ),
};

/** What a browser says of a microphone that it does not give: https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia */
const REFUSALS = {
  NotAllowedError: 'conference.microphone.denied',
  NotFoundError: 'conference.microphone.none',
  NotReadableError: 'conference.microphone.busy',
} as const;
const REFUSE = `(() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wish) => {
    const refused = sessionStorage.getItem('refused');
    return refused === null ? ask(wish) : Promise.reject(new DOMException('', refused));
  };
})()`;

interface Stage {
  page: Page;
  /** Joins, and is told this. */
  play: (script: Script) => Promise<void>;
  /** The connection breaks. */
  breakOff: () => Promise<void>;
}

/** A browser that has typed the code, and whose connection to the conference is in our hands. */
async function stageFor(t: test.TestContext, hub: TestHub, options: { colorScheme: 'light' | 'dark'; locale: string }): Promise<Stage> {
  const context = await (await browserOfFile()).newContext(options);
  t.after(() => context.close());
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  await page.addInitScript(REFUSE);
  let script: Script = [];
  let socket: WebSocketRoute | undefined;
  let isOpen = true;
  await page.routeWebSocket(/\/socket$/, (route) => {
    if (!isOpen) return void route.close({ code: 1013 });
    socket = route;
    route.onMessage((text) => {
      if (JSON.parse(String(text)).type === 'join') for (const frame of script) route.send(JSON.stringify(frame));
    });
  });
  await page.goto(hub.address);
  await page.locator('[name=code]').fill(hub.moderatorPassCode);
  await page.locator('[name=code]').press('Enter');
  await page.locator('[name=name]').waitFor();
  return {
    page,
    async play(said) {
      script = said;
      isOpen = true;
      await page.reload();
      await page.locator('meter').waitFor();
      await page.locator('[name=name]').fill(`Grace ${LONG}`);
      await page.locator('form button').click();
    },
    async breakOff() {
      isOpen = false;
      await socket?.close({ code: 1012 });
    },
  };
}

for (const colorScheme of ['light', 'dark'] as const)
  for (const language of ['en', 'fr'] as const)
    withJanusAndBrowser(
      `each thing that can happen to a participant is said, and usable by all (${language}, ${colorScheme})`,
      async (t) => {
        const hub = await startHub(t, { hasVideo: true });
        const { page, play, breakOff } = await stageFor(t, hub, { colorScheme, locale: language });
        const said = (key: keyof (typeof CATALOGUES)['en']): string => CATALOGUES[language][key];
        const look = async (what: string): Promise<void> => {
          await assertUsable(page, what);
          await page.setViewportSize({ width: 320, height: 740 });
          await assertWithinReach(page, `${what}, on a telephone`);
          await page.setViewportSize({ width: 1280, height: 860 });
        };
        for (const [what, { script, shows }] of Object.entries(STATES)) {
          await play(script);
          await page.getByText(said(shows)).first().waitFor();
          await look(what);
        }

        await play([JOINED]);
        await page.locator('.people').waitFor();
        await page.locator('summary').click();
        await look('devices and keys');
        await breakOff();
        await page.getByText(said('conference.reconnecting')).waitFor();
        await look('being connected again');

        for (const [error, shows] of Object.entries(REFUSALS)) {
          await page.evaluate(`sessionStorage.setItem('refused', '${error}')`);
          await page.reload();
          await page.getByText(said(shows)).waitFor();
          await look(`a microphone that is refused with ${error}`);
        }
      },
    );

withJanusAndBrowser('the key that mutes can be turned off, and stays off', async (t) => {
  const hub = await startHub(t, { hasVideo: true });
  const { page, play } = await stageFor(t, hub, { colorScheme: 'light', locale: 'en' });
  await play([JOINED]);
  const mute = page.getByRole('button', { name: 'Mute', exact: true });
  const unmute = page.getByRole('button', { name: 'Unmute', exact: true });
  await mute.waitFor();
  await page.keyboard.press('m');
  await unmute.waitFor();
  await page.keyboard.press('m');
  await mute.waitFor();
  await page.getByLabel('Your message').fill('mmm');
  await page.getByLabel('Your message').press('m');
  await mute.waitFor();
  await page.locator('summary').click();
  await page.getByLabel('The key M mutes and unmutes').uncheck();
  await page.locator('h1').focus();
  await page.keyboard.press('m');
  assert.equal(await unmute.count(), 0);
  await play([JOINED]);
  await mute.waitFor();
  await page.keyboard.press('m');
  assert.equal(await unmute.count(), 0);
});
