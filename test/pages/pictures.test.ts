import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { buildIfOlder } from '../../scripts/build-pages.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { findChromium, findJanus } from '../support/programs.ts';
import { PICTURES, readWords, stageScenes } from '../support/scenes.ts';
import { testsWith } from '../support/tests-with.ts';

await buildIfOlder('console');
await buildIfOlder('conference');

testsWith('Chromium and Janus', () => {
  findJanus();
  return findChromium();
})('the pictures in the documents show the words that the pages have: else run npm run pictures', async (t) => {
  const browser = await openBrowser({ withDevices: true });
  t.after(() => browser.close());
  const scenes = await stageScenes(t);
  for (const { name, open } of scenes) {
    const { page } = await openPage(browser);
    await open(page);
    assert.equal(await readWords(page), readFileSync(`${PICTURES}/${name}.txt`, 'utf8'), name);
  }
  const files = scenes.flatMap(({ name }) => [`${name}-dark.png`, `${name}-light.png`, `${name}.txt`]);
  assert.deepEqual(readdirSync(PICTURES).toSorted(), files.toSorted());
});
