import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { openBrowser, openPage } from '../test/support/browser.ts';
import { beginConference, provisionPeople, signIn, startGatewayInNeed } from '../test/support/console.ts';
import { startTestServer } from '../test/support/server.ts';
import { buildConsoleIfOlder } from '../console/build.ts';

/** Takes the pictures of the console that are in the documents, in the light and in the dark: `npm run pictures`. */
const FOLDER = fileURLToPath(new URL('../docs/pictures', import.meta.url));
const SCHEMES = ['light', 'dark'] as const;

const ends: (() => Promise<void>)[] = [];
/** As much of a test as servers need to be stopped after it. */
const scene = { after: (end: () => Promise<void>) => void ends.push(end) } as unknown as TestContext;

await buildConsoleIfOlder();
mkdirSync(FOLDER, { recursive: true });
const browser = await openBrowser();
ends.push(() => browser.close());
try {
  const server = await startTestServer(scene);
  const [ada] = await provisionPeople(server);
  if (ada !== undefined) await beginConference(server, ada);
  const { gateway } = await startGatewayInNeed(scene);
  await take('clients', server.url, '/clients', (page) => page.getByText('Lovelace').waitFor());
  await take('client', server.url, `/clients/${ada?.clientId}`, (page) => page.getByText('Provisioned').waitFor());
  await take('operations', gateway.url, '/operations', (page) => page.getByText('What to do').waitFor());
} finally {
  for (const end of ends.toReversed()) await end();
}

async function take(name: string, url: string, path: string, isThere: (page: Page) => Promise<void>): Promise<void> {
  for (const colorScheme of SCHEMES) {
    const { page } = await openPage(browser, { colorScheme });
    await signIn(page, url, { path });
    await isThere(page);
    await page.mouse.move(0, 0);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path: `${FOLDER}/console-${name}-${colorScheme}.png`, animations: 'disabled' });
    await page.context().close();
  }
}
