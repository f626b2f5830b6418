import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What one could not get at: beyond the edge, and in nothing that scrolls. */
const OUT_OF_REACH = `[...document.querySelectorAll('a, button, input, select, code, h1, h2')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth)
  .filter((one) => { for (let at = one; at; at = at.parentElement) if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return false; return true; })
  .map((one) => one.outerHTML)`;

/** The rules of WCAG 2.2, A and AA, that a machine can check: https://github.com/dequelabs/axe-core */
export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function assertUsable(page: Page, what: string, rules = [...WCAG, 'best-practice']): Promise<void> {
  await page.evaluate(axe.source);
  // What fades in has not the contrast that it will have.
  await page.evaluate('Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {})))');
  const violations = await page.evaluate(
    `axe.run({ runOnly: ${JSON.stringify(rules)} })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html + failureSummary).join('; ')))`,
  );
  assert.deepEqual(violations, [], what);
}

export async function assertWithinReach(page: Page, what: string): Promise<void> {
  assert.deepEqual(await page.evaluate(OUT_OF_REACH), [], what);
}
