import assert from 'node:assert/strict';
import { after, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { assertUsable, assertWithinReach } from '../support/accessibility.ts';
import { NUMBER, putInService } from '../support/admission.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { findChromium } from '../support/programs.ts';
import { startTestServer } from '../support/server.ts';
import { testsWith } from '../support/tests-with.ts';

const PASSWORD = 'correct-horse-7';
const testInBrowser = testsWith('Chromium', findChromium);
let opened: Promise<Browser> | undefined;
const browser = (): Promise<Browser> => (opened ??= openBrowser());
after(async () => (await opened)?.close());

async function startHub(t: TestContext) {
  const server = await startTestServer(t);
  await putInService(server, NUMBER, 'default');
  const client = { first: 'Ada', last: 'Lovelace', email: 'ada@example.com', password: PASSWORD };
  const { data } = await server.provision({ client });
  await server.provision({ client: { ...client, externalId: 2, first: 'Augusta' } });
  return { ...data, hub: `http://localhost:${new URL(server.url).port}/hub/${data.hub.hubUrl.split('.')[0]}` };
}

async function typeAndEnter(page: Page, ...texts: string[]): Promise<void> {
  for (const [i, text] of texts.entries()) {
    if (i > 0) await page.keyboard.press('Tab');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
}

testInBrowser(
  'a host signs in with keys alone, copies the invitation, saves a calendar file in the browser’s zone, and signs out',
  async (t) => {
    const { hub, clientId, passCodes } = await startHub(t);
    const context = await (
      await browser()
    ).newContext({ locale: 'en-CA', timezoneId: 'America/Toronto', permissions: ['clipboard-read', 'clipboard-write'] });
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`${hub}/host`);
    await typeAndEnter(page, String(clientId), 'wrong-password-1');
    await page.getByRole('alert').waitFor();
    assert.equal(await page.getByLabel('Client number').inputValue(), String(clientId));
    await typeAndEnter(page, String(clientId), PASSWORD);
    await page.getByRole('heading', { name: 'Welcome, Ada Lovelace' }).waitFor();
    await page.getByRole('button', { name: 'Copy the invitation' }).first().press('Enter');
    await page.getByText('Copied.').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.ok(copied.includes(`tel:${NUMBER},,${passCodes.participantPassCode}#`));
    assert.equal(await page.getByLabel('Time zone').inputValue(), 'America/Toronto');
    await page.getByLabel('Begins').fill('2026-07-01T09:00');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save the calendar file' }).press('Enter'),
    ]);
    assert.equal(download.suggestedFilename(), 'invitation.ics');
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    assert.match(Buffer.concat(chunks).toString(), /DTSTART:20260701T130000Z/);
    await page.getByRole('button', { name: 'Sign out' }).press('Enter');
    await page.getByRole('heading', { name: 'Company Name' }).waitFor();
    await page.goto(`${hub}/host`);
    await page.getByLabel('Password').waitFor();
  },
);

for (const colorScheme of ['light', 'dark'] as const)
  for (const language of ['en', 'fr'] as const)
    testInBrowser(`every page of a hub is usable in ${language}, ${colorScheme}, and on a narrow telephone`, async (t) => {
      const { hub, clientId } = await startHub(t);
      const { page, complaints } = await openPage(await browser(), { colorScheme });
      t.after(() => page.context().close());
      const look = async (what: string): Promise<void> => {
        await assertUsable(page, what);
        await page.setViewportSize({ width: 320, height: 740 });
        await assertWithinReach(page, `${what} on a telephone`);
        await page.setViewportSize({ width: 1280, height: 860 });
      };
      const signIn = async (login: string, password: string): Promise<void> => {
        await page.locator('[name=login]').fill(login);
        await page.locator('[name=password]').fill(password);
        await page.locator('[name=password]').press('Enter');
      };
      await page.goto(`${hub}?lang=${language}`);
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      await look('the hub');
      await page.goto(`${hub}/sign-in`);
      await look('signing in');
      await signIn(String(clientId), 'wrong-password-1');
      await page.getByRole('alert').waitFor();
      await look('a wrong password');
      await signIn('ada@example.com', PASSWORD);
      await page.locator('[name=clientId]').first().waitFor();
      await look('which of several');
      await page.locator('[name=clientId]').first().click();
      await page.locator('textarea').first().waitFor();
      await page.locator('summary').click();
      await look('the host');
      await page.goto(`${hub}/host/invitation.ics?start=never`);
      await look('no calendar file');
      await page.goto(`${hub}-nobody`);
      await look('nobody’s hub');
      await page.goto(`${hub}/signon?token=x`);
      await look('a link that is over');
      assert.deepEqual(complaints, []);
    });
