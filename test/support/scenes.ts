import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { putInService } from './admission.ts';
import { beginConference, provisionPeople, signIn, startGatewayInNeed } from './console.ts';
import { startJanus } from './janus.ts';
import { startTestServer } from './server.ts';
import { WebGuest } from './web-guest.ts';

export const PICTURES = fileURLToPath(new URL('../../docs/pictures', import.meta.url));

/** A page as it is in the documents: `docs/pictures/<name>-light.png` and `-dark.png`, and its words in `<name>.txt`. */
export interface Scene {
  name: string;
  /** Comes back when all of it is there. */
  open: (page: Page) => Promise<void>;
}

export async function stageScenes(t: TestContext): Promise<Scene[]> {
  const server = await startTestServer(t);
  const [ada] = await provisionPeople(server);
  if (ada === undefined) throw new Error('nobody was provisioned');
  await beginConference(server, ada);
  await putInService(server, '+442079460123', 'default');
  const { gateway } = await startGatewayInNeed(t);
  const inConsole = (name: string, url: string, path: string, last: string): Scene => ({
    name: `console-${name}`,
    async open(page) {
      await signIn(page, url, { path });
      await page.getByText(last).first().waitFor();
      await page.mouse.move(0, 0);
    },
  });
  return [
    inConsole('clients', server.url, '/clients', 'Lovelace'),
    inConsole('client', server.url, `/clients/${ada.clientId}`, 'Provisioned'),
    inConsole('operations', gateway.url, '/operations', 'What to do'),
    {
      name: 'host',
      async open(page) {
        await page.goto(`${server.url}/hub/${ada.hub.hubUrl}/sign-in`);
        await page.getByLabel('Client number').fill(String(ada.clientId));
        await page.getByLabel('Password').fill(ada.password);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('heading', { name: 'Welcome' }).waitFor();
      },
    },
    await conferenceScene(t),
    { name: 'hub', open: async (page) => void (await page.goto(`${server.url}/hub/${ada.hub.hubUrl}`)) },
  ];
}

/** A conference as its moderator sees it. Everybody is muted, so that nobody is seen talking in one picture and not in the next. */
async function conferenceScene(t: TestContext): Promise<Scene> {
  const janus = await startJanus();
  t.after(() => janus.remove());
  const server = await startTestServer(t, janus.browserSettings);
  const [ada] = await provisionPeople(server);
  if (ada === undefined) throw new Error('nobody was provisioned');
  const path = `/hub/${ada.hub.hubUrl}`;
  for (const [name, up] of [
    ['Grace Hopper', true],
    ['Alan Turing', false],
  ] as const) {
    const guest = new WebGuest(server, path);
    await guest.typeCode(ada.passCodes.participantPassCode);
    await guest.join(name, { muted: true });
    if (up) guest.send({ type: 'hand', up });
    t.after(async () => guest.socket?.terminate());
  }
  return {
    name: 'conference',
    async open(page) {
      await page.goto(`${server.url.replace('127.0.0.1', 'localhost')}${path}?code=${ada.passCodes.moderatorPassCode}`);
      await page.getByRole('button', { name: 'Join in this browser' }).click();
      await page.getByLabel('Your name').fill('Ada Lovelace');
      await page.getByLabel('Join muted').check();
      await page.getByRole('button', { name: 'Join', exact: true }).click();
      await page.getByRole('heading', { name: 'People here (3)' }).waitFor();
      await page.getByText('hand up').waitFor();
      await page.mouse.move(0, 0);
    },
  };
}

/** What a page says, but for how long ago that was, and for ids and codes that are drawn. */
export async function readWords(page: Page): Promise<string> {
  await page.waitForLoadState('networkidle');
  const words = await page.locator('body').innerText();
  const ago = /\b\d+ (second|minute)s? ago\b|\bjust now\b/g;
  const requestId = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;
  const passCode = /^\d{3} \d{3} \d{4}$/gm;
  return `${words
    .replace(ago, 'a moment ago')
    .replace(requestId, 'X')
    .replace(passCode, '987 654 3210')
    .replace(/[ \t]*\n\s*/g, '\n')}\n`;
}
