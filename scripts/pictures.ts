import { mkdirSync, writeFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { openBrowser, openPage } from '../test/support/browser.ts';
import { PICTURES, readWords, stageScenes } from '../test/support/scenes.ts';
import { buildIfOlder } from './build-pages.ts';

/** Takes the pictures that are in the documents, in the light and in the dark, and keeps their words beside them: `npm run pictures`. */
const ends: (() => Promise<void>)[] = [];
/** As much of a test as servers need to be stopped after it. */
const stage = { after: (end: () => Promise<void>) => void ends.push(end) } as unknown as TestContext;

for (const page of ['console', 'conference'] as const) await buildIfOlder(page);
mkdirSync(PICTURES, { recursive: true });
const browser = await openBrowser({ withDevices: true });
ends.push(() => browser.close());
try {
  for (const { name, open } of await stageScenes(stage)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await openPage(browser, { colorScheme });
      await open(page);
      writeFileSync(`${PICTURES}/${name}.txt`, await readWords(page));
      await page.screenshot({ path: `${PICTURES}/${name}-${colorScheme}.png`, animations: 'disabled' });
      await page.context().close();
    }
  }
} finally {
  for (const end of ends.toReversed()) await end();
}
