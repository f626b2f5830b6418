import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { buildIfOlder } from '../../scripts/build-pages.ts';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { assertUsable, assertWithinReach, WCAG } from '../support/accessibility.ts';
import { openBrowser, openPage } from '../support/browser.ts';
import { beginConference, provisionPeople, signIn, startGatewayInNeed } from '../support/console.ts';
import { findChromium } from '../support/programs.ts';
import { get } from '../support/resources.ts';
import { startTestServer, TEST_TOKEN, type TestServer } from '../support/server.ts';
import { testsWith } from '../support/tests-with.ts';
import { until } from '../support/until.ts';

await buildIfOlder('console');
const testInBrowser = testsWith('Chromium', findChromium);

let opened: Promise<Browser> | undefined;
after(async () => (await opened)?.close());

/** A page that must not complain, whatever is done with it. */
async function open(t: TestContext, options?: Parameters<typeof openPage>[1]): Promise<Page> {
  opened ??= openBrowser();
  const { page, complaints } = await openPage(await opened, options);
  t.after(async () => {
    await page.context().close();
    assert.deepEqual(complaints, []);
  });
  return page;
}

async function peopleAt(t: TestContext) {
  const server = await startTestServer(t);
  return { server, people: await provisionPeople(server) };
}

const statusOf = async (server: TestServer, clientId: number | undefined): Promise<string> =>
  (await get(server, `/v1/clients/${clientId}`)).json.status;
const names = (page: Page): Promise<string[]> => page.locator('tbody tr td:first-child').allInnerTexts();

test('the page is one at every path, lets nothing in from elsewhere and keeps nothing back', async (t) => {
  const server = await startTestServer(t);
  const [home, deep] = await Promise.all(['/console', '/console/clients/1?x=1'].map((path) => fetch(`${server.url}${path}`)));
  for (const answer of [home, deep]) {
    assert.deepEqual([answer?.status, answer?.headers.get('cache-control')], [200, 'no-store']);
    const policy = answer?.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w-]{24}';/);
    assert.match(policy, /frame-ancestors 'none'/);
    const nonce = /'nonce-([\w-]+)'/.exec(policy)?.[1];
    assert.ok((await answer?.text())?.includes(`nonce="${nonce}"`));
  }
  assert.notEqual(home?.headers.get('content-security-policy'), deep?.headers.get('content-security-policy'), 'each answer has its own');

  const html = await (await fetch(`${server.url}/console`)).text();
  const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
  assert.ok(assets.length >= 2, html);
  for (const path of assets) {
    const asset = await fetch(`${server.url}${path}`, { headers: { 'accept-encoding': 'br' } });
    assert.deepEqual(
      [asset.status, asset.headers.get('content-encoding'), asset.headers.get('cache-control')],
      [200, 'br', 'public, max-age=31536000, immutable'],
    );
    assert.ok((await asset.text()).length > 1_000);
  }
  const missing = await fetch(`${server.url}/console/assets/none.js`);
  assert.deepEqual([missing.status, ((await missing.json()) as { code: string }).code], [404, 'PATH_NOT_FOUND']);
  assert.equal((await fetch(`${server.url}/console/assets/..%2f..%2f..%2fpackage.json`)).status, 404);
});

test('any token may ask what it is', async (t) => {
  const server = await startTestServer(t);
  await server.addTenant('acme');
  const { token, tokenId } = await server.addToken('acme', { scopes: ['read'] });
  assert.deepEqual((await get(server, '/v1/token', { 'X-AUTH-TOKEN': token })).json, {
    tokenId,
    tenant: { name: 'acme', isSandbox: false },
    scopes: ['read'],
  });
});

testInBrowser('one signs in with a token, which stays in the tab and is forgotten at the end', async (t) => {
  const { server, people } = await peopleAt(t);
  const page = await open(t);
  await page.goto(`${server.url}/console/clients/${people[1]?.clientId}`);
  await page.getByLabel('API token').fill('parley_of_nobody');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This token does not open anything').waitFor();
  await page.getByLabel('API token').fill('not a token ☹');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This token does not open anything').waitFor();

  await page.getByLabel('API token').fill(`  ${TEST_TOKEN} `);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Grace Hopper' }).waitFor();
  assert.equal(await page.title(), 'Grace Hopper · Parley', 'one comes to where one wanted to go');
  await page.reload();
  await page.getByRole('heading', { name: 'Grace Hopper' }).waitFor();
  const kept = await page.evaluate('JSON.stringify([document.cookie, Object.entries(localStorage), location.href])');
  assert.ok(!String(kept).includes(TEST_TOKEN));
  assert.ok(!server.logged().includes(TEST_TOKEN));

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API token').waitFor();
  await page.reload();
  await page.getByLabel('API token').waitFor();
  assert.equal(await page.evaluate('sessionStorage.getItem("parley.token")'), null);
});

testInBrowser('a token that is revoked shows nothing more', async (t) => {
  const { server } = await peopleAt(t);
  const { token, tokenId } = await server.addToken('default', { scopes: ['read'] });
  const page = await open(t);
  await signIn(page, server.url, { token });
  await page.getByText('Lovelace').waitFor();
  await server.revoke(tokenId);
  await until('it opens nothing', async () => (await get(server, '/v1/token', { 'X-AUTH-TOKEN': token })).status === 401);
  await page.getByRole('link', { name: 'Conferences' }).click();
  await page.getByText('Your token does not open anything any more').waitFor();
  assert.equal(await page.getByText('Lovelace').count(), 0);
});

testInBrowser('a customer is found by what a support desk has in hand', async (t) => {
  const { server, people } = await peopleAt(t);
  const page = await open(t);
  await signIn(page, server.url);
  await page.getByText('6 clients').waitFor();
  const box = page.getByRole('searchbox', { name: 'Find' });
  const cases: [string, string[]][] = [
    ['ost', ['Zoë Østergård']],
    ['HOPPER g', ['Grace Hopper']],
    ['Alan@Example.com', ['Alan Turing']],
    ['104', ['Katherine Johnson']],
    [String(people[5]?.clientId), ['Edsger Dijkstra']],
    ['engines love', ['Ada Lovelace']],
    ['nobody', []],
    ['999999', []],
  ];
  await page.getByRole('heading', { name: 'Clients' }).click();
  await page.keyboard.press('/');
  assert.ok(await box.evaluate((element) => element === element.ownerDocument.activeElement), '/ goes to the search');
  for (const [asked, found] of cases) {
    await box.fill(asked);
    await page.waitForURL((url) => url.searchParams.get('q')?.replaceAll('"', '') === asked);
    await (found.length === 0 ? page.getByText('Nobody found') : page.getByText('1 client', { exact: true })).waitFor();
    await until(`${asked} finds ${found.join()}`, async () => JSON.stringify(await names(page)) === JSON.stringify(found));
  }
  await box.fill('');
  await page.getByLabel('Status').selectOption('inactive');
  await page.getByText('1 client', { exact: true }).waitFor();
  assert.deepEqual(await names(page), ['Zoë Østergård']);
  await page.reload();
  await page.getByText('1 client', { exact: true }).waitFor();
  assert.deepEqual(await names(page), ['Zoë Østergård'], 'the address has what was asked');

  await page.getByRole('link', { name: 'Zoë Østergård' }).click();
  await page.getByRole('link', { name: 'Analytical Engines' }).click();
  await page.getByText('3 clients').waitFor();
  assert.deepEqual(await names(page), ['Ada Lovelace', 'Grace Hopper', 'Zoë Østergård']);
  await page.getByRole('button', { name: 'show all' }).click();
  await page.getByText('6 clients').waitFor();
});

testInBrowser('a person with one name is shown by it alone', async (t) => {
  const server = await startTestServer(t);
  await server.provision({ client: { externalId: 1, first: '', last: 'Sukarno' } });
  const { data } = await server.provision({ client: { externalId: 2, first: 'Suharto', last: '' } });
  const page = await open(t);
  await signIn(page, server.url);
  await page.getByText('2 clients').waitFor();
  const shown = await page.locator('tbody tr td:first-child').allTextContents();
  assert.deepEqual(shown.toSorted(), ['Suharto', 'Sukarno']);
  await page.goto(`${server.url}/console/clients/${data.clientId}`);
  const title = page.getByRole('heading', { level: 1 });
  await title.waitFor();
  assert.equal(await title.textContent(), 'Suharto');
});

testInBrowser('a list that is longer than a page goes on', async (t) => {
  const server = await startTestServer(t);
  const made = await Promise.all(Array.from({ length: 53 }, (_, n) => server.provision({ client: { externalId: n + 1 } })));
  const page = await open(t);
  await signIn(page, server.url);
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByText('53 clients').waitFor();
  assert.equal((await names(page)).length, 53);

  const { clientId } = (made[0] as (typeof made)[0]).data;
  for (let n = 0; n < 51; n++) await server.post(n % 2 === 0 ? DEACTIVATE : REACTIVATE, { clientId });
  await page.goto(`${server.url}/console/clients/${clientId}`);
  const history = page.getByRole('region', { name: 'History' });
  await history.getByText('These are the latest').waitFor();
  const entries = await history.locator('.mantine-Timeline-item').allInnerTexts();
  assert.equal(entries.length, 50);
  assert.deepEqual(
    entries.map((entry) => entry.startsWith('Deactivated')),
    entries.map((_, n) => n % 2 === 0),
    'the latest first',
  );
});

testInBrowser('a client is deactivated, reactivated, given other codes and ended, by the keyboard alone where one likes', async (t) => {
  const { server, people } = await peopleAt(t);
  const clientId = people[0]?.clientId;
  const page = await open(t);
  await signIn(page, server.url, { path: `/clients/${clientId}` });
  await page.getByRole('button', { name: 'Deactivate' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Deactivate this client' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await statusOf(server, clientId), 'active', 'nothing was confirmed');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).dblclick();
  await page.getByText('The client is deactivated.').waitFor();
  assert.equal(await statusOf(server, clientId), 'inactive');
  await page.getByText('Its pass codes open nothing.').waitFor();

  await page.getByRole('button', { name: 'Reactivate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reactivate' }).click();
  await page.getByText('The client is active again.').waitFor();
  assert.equal(await statusOf(server, clientId), 'active');

  await page.getByRole('button', { name: 'New pass codes' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'New pass codes' }).click();
  const shown = page.getByRole('dialog', { name: 'The new pass codes' });
  await shown.waitFor();
  const codes = (await shown.locator('code').allInnerTexts()).map((code) => code.replaceAll(' ', ''));
  const repeated = await server.provision({
    client: { externalId: 100, first: 'Ada', last: 'Lovelace', email: 'ada@example.com' },
    company: { name: 'Analytical Engines' },
  });
  assert.deepEqual(codes, Object.values(repeated.data.passCodes));
  assert.notDeepEqual(repeated.data.passCodes, people[0]?.passCodes);
  await shown.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('button', { name: 'End for good' }).click();
  const dialog = page.getByRole('dialog', { name: 'End this client for good' });
  await dialog.getByLabel('Why').fill('moved away');
  await dialog.getByLabel('to confirm').fill('101');
  await dialog.getByRole('button', { name: 'End for good' }).click();
  assert.equal(await statusOf(server, clientId), 'active', 'another id confirms nothing');
  await dialog.getByLabel('to confirm').fill('100');
  await dialog.getByRole('button', { name: 'End for good' }).click();
  await page.getByText('The client has ended.').waitFor();
  assert.equal(await statusOf(server, clientId), 'terminated');
  await page.getByRole('button', { name: 'Deactivate' }).waitFor({ state: 'detached' });
  const history = page.getByRole('region', { name: 'History' });
  await history.getByText('Ended for good').waitFor();
  for (const line of ['New pass codes', 'Reactivated', 'Deactivated', 'Provisioned'])
    await history.getByText(line, { exact: true }).waitFor();
});

testInBrowser('a token shows what it may do and does nothing else; what the server refuses is told', async (t) => {
  const { server, people } = await peopleAt(t);
  const { token } = await server.addToken('default', { scopes: ['read'] });
  const page = await open(t);
  await signIn(page, server.url, { token, path: `/clients/${people[0]?.clientId}` });
  const button = page.getByRole('button', { name: 'Deactivate' });
  assert.equal(await button.getAttribute('aria-disabled'), 'true');
  await button.click({ force: true });
  await button.hover({ force: true });
  await page.getByText('Your token needs the scope provision for this.').waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0);

  const stranger = await server.addTenant('acme');
  const theirs = await open(t);
  await signIn(theirs, server.url, { token: stranger, path: `/clients/${people[0]?.clientId}` });
  await theirs.getByText("There is no client with this id, or it is another tenant's.").waitFor();

  const own = await open(t);
  await signIn(own, server.url, { path: `/clients/${people[0]?.clientId}` });
  await own.getByRole('button', { name: 'Deactivate' }).click();
  await server.post(`/v1/clients/${people[0]?.clientId}/terminate`, {});
  await own.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click();
  await own.getByText('terminated').first().waitFor();

  const without = await server.addToken('default', { scopes: ['admission'] });
  const blind = await open(t);
  await signIn(blind, server.url, { token: without.token });
  await blind.getByText('Ask for one with the scope that it needs.').first().waitFor();
});

testInBrowser('what waits at a remote platform is shown with what to do, and done from here', async (t) => {
  const { gateway, vendor } = await startGatewayInNeed(t);
  const page = await open(t);
  await signIn(page, gateway.url);
  await page.getByRole('link', { name: 'Operations 1 need attention' }).click();
  const card = page.getByRole('region', { name: /^Operation \d+$/ });
  await card.getByText('The platform may have made this client already').waitFor();
  await card.getByText('needs a decision').waitFor();
  await card.getByText('when somebody says so').waitFor();
  assert.equal((await get(vendor, '/v1/clients/external/200')).status, 200, 'the answer was lost, not the client');

  await card.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
  await page.getByText('Nothing needs attention').waitFor();
  await until('the client is on record', async () => (await get(gateway, '/v1/clients/external/200')).status === 200);
  await until('nothing is counted', async () => (await page.getByLabel(/^\d+ need attention$/).count()) === 0);
  await page.getByRole('tab', { name: 'Orphans' }).click();
  await page.getByText('No orphans').waitFor();
});

testInBrowser('an operation is given up, by who may', async (t) => {
  const { gateway } = await startGatewayInNeed(t);
  const { token } = await gateway.addToken('default', { scopes: ['read', 'provision'] });
  const other = await open(t);
  await signIn(other, gateway.url, { token, path: '/operations' });
  assert.equal(await other.getByRole('button', { name: 'Discard' }).getAttribute('aria-disabled'), 'true');

  const page = await open(t);
  await signIn(page, gateway.url, { path: '/operations' });
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await page.getByText('Nothing needs attention').waitFor();
  assert.deepEqual((await get(gateway, '/v1/operations')).json.items, []);
  assert.equal((await get(gateway, '/v1/clients/external/200')).json.code, 'CLIENT_NOT_FOUND');
});

testInBrowser('who is in a conference is seen, as it is', async (t) => {
  const { server, people } = await peopleAt(t);
  const [ada] = people;
  assert.ok(ada);
  const page = await open(t);
  await signIn(page, server.url, { path: '/conferences' });
  await page.getByText('Nobody is in a conference').waitFor();
  await beginConference(server, ada);
  await page.getByText('1 now, 2 in them').waitFor();
  const room = page.getByRole('region', { name: `Conference of client ${ada.clientId}` });
  for (const text of ['moderator', 'participant', 'not told yet', '+442*******99']) await room.getByText(text).first().waitFor();
  await room.getByRole('link', { name: `Client ${ada.clientId}` }).click();
  await page.getByRole('region', { name: 'Let in, the last 30 days' }).getByText('is in').first().waitFor();
});

for (const colorScheme of ['light', 'dark'] as const) {
  testInBrowser(`every page can be read and used by all, in the ${colorScheme}, wide and narrow`, async (t) => {
    const { gateway } = await startGatewayInNeed(t);
    const ada = (
      await gateway.provision({
        client: { externalId: 100, first: 'Ada', last: 'Lovelace', email: 'ada@example.com' },
        company: { name: 'Analytical Engines' },
      })
    ).data;
    await beginConference(gateway, ada);
    const page = await open(t, { colorScheme });
    await page.goto(`${gateway.url}/console`);
    await page.getByLabel('API token').waitFor();
    await assertUsable(page, 'sign in');
    await signIn(page, gateway.url);
    const pages = [
      ['/clients', 'Lovelace'],
      ['/clients?q=nobody', 'Nobody found'],
      [`/clients/${ada.clientId}`, 'Provisioned'],
      ['/conferences', '1 now, 2 in them'],
      ['/operations', 'What to do'],
      ['/operations?view=orphans', 'No orphans'],
      [`/clients/1`, 'No such client'],
      ['/nowhere', 'There is nothing here'],
    ] as const;
    for (const [path, text] of pages) {
      await page.goto(`${gateway.url}/console${path}`);
      await page.getByText(text).first().waitFor();
      await assertUsable(page, path);
      await page.setViewportSize({ width: 360, height: 740 });
      await assertWithinReach(page, `${path} on a telephone`);
      await page.setViewportSize({ width: 1280, height: 860 });
    }
    await page.goto(`${gateway.url}/console/clients/${ada.clientId}`);
    await page.getByRole('button', { name: 'End for good' }).click();
    await page.getByRole('dialog').waitFor();
    // The kit heads a dialog with a <header>, which is no banner to anybody but that rule.
    await assertUsable(page, 'a dialog', WCAG);
  });
}
