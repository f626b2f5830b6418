import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { follow, type Page, Visitor } from '../support/pages.ts';
import { get } from '../support/resources.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const PASSWORD = 'correct-horse-7';
const headingOf = ({ text }: Page): string | undefined => /<h1>(.*)<\/h1>/.exec(text)?.[1];
const isHost = (page: Page): boolean => page.status === 200 && headingOf(page)?.startsWith('Welcome, ') === true;

async function startHub(t: TestContext, settings: Record<string, string> = {}) {
  const server = await startTestServer(t, settings);
  const { data } = await server.provision({ client: { email: 'ada@example.com', password: PASSWORD } });
  return { server, ...data, host: data.hub.hubUrl, visitor: new Visitor(server, data.hub.hubUrl) };
}

const signIn = (visitor: Visitor, login: string, password: string, headers?: Record<string, string>): Promise<Page> =>
  visitor.submit('/sign-in', { login, password }, headers);

test('a host signs in with the client number or the e-mail address and the contract’s password, and out again', async (t) => {
  const { server, clientId, host, visitor, passCodes } = await startHub(t);
  const front = await visitor.open('/');
  assert.match(front.text, /<a href="\/sign-in">Sign in<\/a>/);
  assert.equal(headingOf(await visitor.open('/host')), 'Sign in as the host', 'nobody is signed in yet');
  for (const login of [String(clientId), 'ada@example.com', ' ADA@Example.COM ']) {
    const page = await signIn(visitor, login, PASSWORD);
    assert.ok(isHost(page), login);
    const digits = page.text.replace(/(\d) (?=\d)/g, '$1');
    for (const code of Object.values(passCodes)) assert.ok(digits.includes(code));
    assert.equal(headingOf(await visitor.submit('/sign-out', {})), 'Company Name');
    assert.equal(visitor.cookies.size, 0);
  }
  const atPath = new Visitor(server, 'localhost:8080');
  const slug = host.split('.')[0] as string;
  assert.ok(isHost(await atPath.submit(`/hub/${slug}/sign-in`, { login: String(clientId), password: PASSWORD })));
  assert.match((await atPath.open(`/hub/${slug}/host`)).text, new RegExp(`http://localhost:8080/hub/${slug}`));
  const entries = (await get(server, `/v1/audit?clientId=${clientId}&types=client.signed_on`)).json.items;
  assert.deepEqual(
    entries.map(({ actor }: { actor: object }) => actor),
    Array.from({ length: 4 }, () => ({ kind: 'client', clientId })),
  );
  assert.ok(!server.logged().includes(PASSWORD));
});

test('whatever is wrong, the answer is the same: unknown, another company’s, deactivated, a wrong password', async (t) => {
  const { server, clientId, visitor } = await startHub(t);
  const other = (await server.provision({ company: { externalId: 99, name: 'Other' }, client: { externalId: 99, password: PASSWORD } }))
    .data;
  const off = (await server.provision({ client: { externalId: 98, email: 'off@example.com', password: PASSWORD } })).data;
  await server.post(DEACTIVATE, { clientId: off.clientId });
  const tries: [string, string][] = [
    [String(clientId), 'wrong-password-1'],
    [String(clientId), ''],
    ['99999999', PASSWORD],
    ['nobody@example.com', PASSWORD],
    [String(other.clientId), PASSWORD],
    [String(off.clientId), PASSWORD],
    ['off@example.com', PASSWORD],
    ['', ''],
  ];
  const texts = new Set<string>();
  for (const [login, password] of tries) {
    const page = await signIn(visitor, login, password);
    assert.equal(page.status, 403, login);
    assert.equal(visitor.cookies.size, 0);
    texts.add(page.text.replace(/value="[^"]*"/, 'value=""'));
  }
  assert.equal(texts.size, 1);
  await server.post(REACTIVATE, { clientId: off.clientId });
  assert.ok(isHost(await signIn(visitor, 'off@example.com', PASSWORD)));
});

test('an address and password of several clients ask which; only those that were offered can be chosen, and not for ever', async (t) => {
  const { server, clientId, visitor } = await startHub(t);
  const second = (await server.provision({ client: { externalId: 2, email: 'ada@example.com', password: PASSWORD } })).data.clientId;
  const third = (await server.provision({ client: { externalId: 3, email: 'ada@example.com', password: 'another-one-9' } })).data.clientId;
  const page = await signIn(visitor, 'ada@example.com', PASSWORD);
  assert.equal(headingOf(page), 'Which of your conferences?');
  const offered = [...page.text.matchAll(/name="clientId" value="(\d+)"/g)].map(([, id]) => Number(id));
  assert.deepEqual(new Set(offered), new Set([clientId, second]));
  const choice = /name="choice" value="([^"]+)"/.exec(page.text)?.[1] as string;
  assert.equal((await visitor.submit('/sign-in', { choice, clientId: String(third) })).status, 403);
  assert.equal((await visitor.submit('/sign-in', { choice: choice.replace(/^../, 'AA'), clientId: String(second) })).status, 403);
  assert.ok(isHost(await visitor.submit('/sign-in', { choice, clientId: String(second) })));
  server.advance(11 * 60_000);
  assert.equal((await visitor.submit('/sign-in', { choice, clientId: String(second) })).status, 403);
});

test('a session ends with the client, with another password, after twelve hours, and opens no other hub', async (t) => {
  const { server, clientId, visitor } = await startHub(t);
  const page = await signIn(visitor, String(clientId), PASSWORD);
  const cookie = (page.headers['set-cookie'] as string[] | undefined)?.[0];
  assert.equal(cookie, undefined, 'it was set on the way');
  const session = visitor.cookies.get('__Host-parley-host') as string;
  const isIn = async (who = visitor): Promise<boolean> => isHost(await who.open('/host'));
  assert.ok(await isIn());
  const other = (await server.provision({ company: { externalId: 99, name: 'Other' }, client: { externalId: 99 } })).data.hub.hubUrl;
  const thief = new Visitor(server, other);
  thief.cookies.set('__Host-parley-host', session);
  assert.equal(await isIn(thief), false);
  await server.post(DEACTIVATE, { clientId });
  assert.equal(await isIn(), false);
  await server.post(REACTIVATE, { clientId });
  assert.ok(await isIn());
  await server.provision({ client: { email: 'ada@example.com', password: 'quite-another-8' } });
  assert.equal(await isIn(), false);
  assert.ok(isHost(await signIn(visitor, String(clientId), 'quite-another-8')));
  server.advance(12 * 3_600_000);
  assert.equal(await isIn(), false);
  visitor.cookies.set('__Host-parley-host', `${session.slice(0, -2)}AA`);
  assert.equal(await isIn(), false);
});

test('cookies are for this host, over TLS, out of reach of scripts; a form from another site is refused', async (t) => {
  const { clientId, visitor, server, host } = await startHub(t);
  const first = await fetchCookie(server, host, String(clientId));
  assert.match(first, /^__Host-parley-host=[\w-]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]) {
    const page = await signIn(visitor, String(clientId), PASSWORD, headers);
    assert.deepEqual([page.status, visitor.cookies.size], [403, 0]);
    assert.match(page.text, /was sent from another site/);
  }
  const old = await follow(
    server,
    `http://${host}/sign-in`,
    { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
    'POST',
    new URLSearchParams({ login: String(clientId), password: PASSWORD }).toString(),
  );
  assert.equal(old.status, 403);
});

async function fetchCookie(server: TestServer, host: string, login: string): Promise<string> {
  const answer = await follow(
    server,
    `http://${host}/sign-in`,
    { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    'POST',
    new URLSearchParams({ login, password: PASSWORD }).toString(),
  );
  assert.deepEqual([answer.status, answer.headers.location], [303, '/host']);
  return (answer.headers['set-cookie'] as string[])[0] as string;
}

test('guessing is counted by the block of the visitor’s address, whoever’s client it is, and only a named proxy may say which that is', async (t) => {
  const settings = { PARLEY_TRUSTED_PROXIES: '127.0.0.1', PARLEY_ADMISSION_MISSES_PER_CALLER_HOUR: '3', PARLEY_ADMISSION_TARPIT_MS: '0' };
  const { clientId, visitor } = await startHub(t, settings);
  const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });
  for (let i = 1; i <= 3; i++)
    assert.equal((await signIn(visitor, String(clientId), `wrong-guess-${i}`, from(`203.0.113.${i}`))).status, 403);
  assert.equal((await signIn(visitor, String(clientId), PASSWORD, from('203.0.113.77'))).status, 403, 'the block has had its guesses');
  assert.ok(isHost(await signIn(visitor, String(clientId), PASSWORD, from('203.0.114.1'))), 'its neighbour has not');
  for (let i = 1; i <= 3; i++) await signIn(visitor, String(clientId), `wrong-guess-${i}`, from(`2001:db8:1:${i}::1`));
  assert.equal((await signIn(visitor, String(clientId), PASSWORD, from('2001:db8:1:ffff::1'))).status, 403);
  assert.ok(isHost(await signIn(visitor, String(clientId), PASSWORD, from('2001:db8:2::1'))));
  // The same once more, from the same block: people do that, and a sweep does not.
  assert.ok(isHost(await signIn(visitor, String(clientId), PASSWORD, from('203.0.113.77'))));

  const untrusting = await startHub(t, { ...settings, PARLEY_TRUSTED_PROXIES: '10.0.0.0/8' });
  for (let i = 1; i <= 3; i++) await signIn(untrusting.visitor, String(untrusting.clientId), `wrong-guess-${i}`, from(`198.51.100.${i}`));
  assert.equal(
    (await signIn(untrusting.visitor, String(untrusting.clientId), PASSWORD, from('203.0.114.1'))).status,
    403,
    'all come from one address',
  );
});

test('a wrong setting of the proxies stops the start with a sentence', async (t) => {
  await assert.rejects(startTestServer(t, { PARLEY_TRUSTED_PROXIES: '10.0.0.0/8, nginx' }), /nginx is neither an address nor a block/);
});
