import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NUMBER, putInService } from '../support/admission.ts';
import { SIGN_ON } from '../support/bodies.ts';
import { enterBy, follow, type Page } from '../support/pages.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8' };

const open = (server: TestServer, address: string, headers: Record<string, string> = {}): Promise<Page> =>
  follow(server, `http://${address}`, { ...BROWSER, ...headers });

const headingOf = ({ text }: Page): string | undefined => /<h1>(.*)<\/h1>/.exec(text)?.[1];
const numbersIn = ({ text }: Page): string[] => [...text.matchAll(/href="tel:([^"]+)"/g)].map(([, number]) => number as string);

test('the first page says what this is, in which version and whether it is well, and leads on', async (t) => {
  const server = await startTestServer(t);
  for (const host of ['127.0.0.1', 'parley.example.com', 'parley.localhost', 'localhost']) {
    const page = await open(server, `${host}/`);
    assert.deepEqual([page.status, headingOf(page)], [200, 'Parley'], host);
    assert.match(page.text, /version \d+\.\d+\.\d+\. It is well\./);
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
    const links = [...page.text.matchAll(/href="([^"]+)"/g)].map(([, link]) => link as string);
    assert.deepEqual(links, ['/console', '/docs', '/guides']);
    for (const link of links) assert.equal((await fetch(`${server.url}${link}`)).status, 200, link);
  }
  // Whoever does not say is a person with a plain tool; whoever asks for JSON is a program.
  assert.equal((await follow(server, 'http://127.0.0.1/', { accept: '*/*' })).status, 200);
  assert.equal((await follow(server, 'http://127.0.0.1/', { accept: 'application/json' })).status, 404);
});

test("a hub's address is a page with the company's name and its access numbers to dial, and says nothing of its people", async (t) => {
  const server = await startTestServer(t);
  const { hub, passCodes } = (await server.provision({ company: { name: 'Müller & <Söhne>' }, client: { last: 'Lovelace' } })).data;
  const bare = await open(server, `${hub.hubUrl}/`);
  assert.deepEqual([headingOf(bare), numbersIn(bare)], ['Müller &#38; &#60;Söhne&#62;', []]);
  assert.match(bare.text, /Ask your host/);
  await server.addTenant('other');
  await putInService(server, NUMBER, 'default');
  await putInService(server, '+18005550199', null);
  await putInService(server, '+442079460123', 'other');
  const slug = hub.hubUrl.split('.')[0] as string;
  const ways = [
    `${hub.hubUrl}/`,
    `${hub.hubUrl.toUpperCase()}/`,
    `${hub.hubUrl}.:8080/`,
    `localhost/hub/${slug}`,
    `localhost/hub/${hub.hubUrl}`,
  ];
  for (const way of ways) {
    const page = await follow(server, 'http://localhost/', { ...BROWSER, host: way.split('/')[0] as string });
    const shown = way.includes('/hub/') ? await open(server, way) : page;
    assert.deepEqual([shown.status, headingOf(shown)], [200, 'Müller &#38; &#60;Söhne&#62;'], way);
    assert.deepEqual(numbersIn(shown), [NUMBER, '+18005550199'], way);
    assert.match(shown.text, /\+1 514 555 0100<span>Canada<\/span>/);
    assert.match(shown.text, /\+1 800 555 0199<span>toll-free<\/span>/);
    for (const secret of ['Lovelace', passCodes.moderatorPassCode, passCodes.participantPassCode]) assert.ok(!shown.text.includes(secret));
  }
});

test('a host name and a path that are nobody’s answer a browser with a short page, and programs with JSON', async (t) => {
  const server = await startTestServer(t);
  const lost = [
    'nobody.parley.localhost/',
    'localhost/hub/nobody',
    'localhost/nothing',
    'localhost/v1/nothing',
    'nobody.parley.localhost/nothing',
  ];
  for (const address of lost) {
    const page = await open(server, address);
    assert.deepEqual([page.status, page.headers['content-type']], [404, 'text/html; charset=utf-8'], address);
    assert.match(headingOf(page) ?? '', /There is (nothing|no conference site) at this address/);
    for (const accept of [undefined, '*/*', 'application/json', 'application/json, text/html;q=0.5', 'text/html;q=0']) {
      const answer = await follow(server, `http://${address}`, accept === undefined ? {} : { accept });
      assert.deepEqual([answer.status, JSON.parse(answer.text).code], [404, 'PATH_NOT_FOUND'], `${address} ${accept}`);
    }
  }
  const forPrograms = await open(server, 'localhost/provisioning/client/provision');
  assert.deepEqual([forPrograms.status, forPrograms.headers.allow, headingOf(forPrograms)], [405, 'POST', 'This address is for programs']);
  // A program that sends is a program, whatever it would take.
  assert.equal(JSON.parse((await follow(server, 'http://localhost/nothing', BROWSER, 'POST')).text).code, 'PATH_NOT_FOUND');
});

test('a sign-on page tells the host the numbers to dial', async (t) => {
  const server = await startTestServer(t);
  const { clientId } = (await server.provision()).data;
  await putInService(server, NUMBER, 'default');
  const { passCodes } = (await server.provision()).data;
  const page = await enterBy(server, (await server.post(SIGN_ON, { clientId })).json.data.url);
  assert.deepEqual([page.status, numbersIn(page)], [200, [`${NUMBER},,${passCodes.moderatorPassCode}#`]]);
});

test('the guides are on the server, and their links lead somewhere', async (t) => {
  const server = await startTestServer(t);
  const seen = new Set<string>();
  const waiting = ['/guides'];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const answer = await fetch(`${server.url}${path}`, { headers: BROWSER });
    const text = await answer.text();
    assert.equal(answer.status, 200, path);
    const anchors = new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, anchor]) => anchor));
    for (const [, link = ''] of text.matchAll(/(?:href|src|srcset)="([^"]*)"/g)) {
      if (link.startsWith('#')) assert.ok(anchors.has(link.slice(1)), `${path} ${link}`);
      if (/^https?:|^#/.test(link)) continue;
      const { pathname } = new URL(link, `${server.url}${path}`);
      if (!seen.has(pathname) && !pathname.endsWith('.png')) waiting.push(pathname);
      if (!seen.has(pathname) && pathname.endsWith('.png')) assert.equal((await fetch(`${server.url}${pathname}`)).status, 200, pathname);
      seen.add(pathname);
    }
  }
  assert.ok(seen.has('/guides/admission') && seen.has('/guides/bridges/asterisk'));
  assert.equal((await fetch(`${server.url}/guides/adr/0001-sqlite-driver-and-no-query-builder`)).status, 404);
  assert.equal((await fetch(`${server.url}/guides/..%2F..%2Fpackage`)).status, 404);
});
