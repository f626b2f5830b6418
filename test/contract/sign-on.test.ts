import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEACTIVATE, REACTIVATE, SIGN_ON } from '../support/bodies.ts';
import { enterBy, follow } from '../support/pages.ts';
import { get } from '../support/resources.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

async function issue(server: TestServer, clientId: number): Promise<string> {
  const { status, text, json } = await server.post(SIGN_ON, { clientId });
  assert.equal(status, 200, text);
  assert.deepEqual(Object.keys(json), ['status', 'data']);
  assert.deepEqual([json.status, Object.keys(json.data)], ['success', ['url']]);
  return json.data.url;
}

test('C30: a sign-on link lets its bearer into the hub once, as the host, and the audit has it', async (t) => {
  const server = await startTestServer(t);
  const { clientId, hub, passCodes } = (await server.provision({ client: { first: '<b>Zoë', last: "O'Neil" } })).data;
  const link = await issue(server, clientId);
  const { protocol, host, pathname } = new URL(link);
  assert.deepEqual([protocol, host, pathname], ['https:', hub.hubUrl, '/signon']);
  assert.doesNotMatch(Buffer.from(new URL(link).searchParams.get('token') as string, 'base64url').toString('latin1'), /clientId|token|100/);

  assert.equal((await follow(server, link, { 'sec-purpose': 'prefetch;prerender' })).status, 503, 'looking ahead uses nothing up');
  assert.equal((await follow(server, link, {}, 'HEAD')).status, 404);
  const page = await enterBy(server, link);
  assert.equal(page.status, 200, page.text);
  const digits = page.text.replace(/(\d) (?=\d)/g, '$1');
  for (const code of Object.values(passCodes)) assert.ok(digits.includes(code));
  assert.ok(page.text.includes('&#60;b&#62;Zoë O&#39;Neil') && !page.text.includes('<b>'));
  assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
  assert.deepEqual([page.headers['cache-control'], page.headers['referrer-policy']], ['no-store', 'no-referrer']);

  const used = await follow(server, link);
  assert.equal(used.status, 403);
  const [entry, ...others] = (await get(server, `/v1/audit?clientId=${clientId}&types=client.signed_on`)).json.items;
  assert.deepEqual([entry.actor, others], [{ kind: 'token', tokenId: 1, tokenName: 'bootstrap' }, []]);
  assert.ok(!server.logged().includes(new URL(link).search));
});

test('C30: what is not a fresh link of an active client at its own hub gets one refusal, and no reason', async (t) => {
  const server = await startTestServer(t);
  const { clientId, hub } = (await server.provision()).data;
  const used = await issue(server, clientId);
  const raced = await Promise.all(Array.from({ length: 8 }, () => follow(server, used)));
  assert.equal(raced.filter(({ status }) => status === 303).length, 1, 'of eight at once one gets in');

  const changed = await issue(server, clientId);
  const last = changed.at(-3) === 'A' ? 'B' : 'A';
  const elsewhere = (await issue(server, clientId)).replace(hub.hubUrl, `other.${hub.hubUrl}`);
  const late = await issue(server, clientId);
  server.advance(60_001);
  const offLink = await issue(server, clientId);
  await server.post(DEACTIVATE, { clientId });
  const refused = [
    used,
    `${changed.slice(0, -3)}${last}${changed.slice(-2)}`,
    elsewhere,
    late,
    offLink,
    `https://${hub.hubUrl}/signon`,
    `https://${hub.hubUrl}/signon?token=`,
    `https://${hub.hubUrl}/signon?token=a&token=b`,
    `https://${hub.hubUrl}/signon?token=${'A'.repeat(4_000)}`,
  ];
  const pages = await Promise.all(refused.map((link) => follow(server, link)));
  for (const [i, { status, text }] of pages.entries()) assert.deepEqual([status, text], [403, pages[0]?.text], refused[i]);
  const inactive = await server.post(SIGN_ON, { clientId });
  assert.deepEqual([inactive.status, inactive.json.code], [409, 'CLIENT_INACTIVE']);
  await server.post(REACTIVATE, { clientId });
  assert.equal((await enterBy(server, offLink)).status, 200, 'a refusal uses nothing up');

  await server.post(`/v1/clients/${clientId}/terminate`, {});
  assert.equal((await server.post(SIGN_ON, { clientId })).json.code, 'CLIENT_TERMINATED');
  const stranger = { 'X-AUTH-TOKEN': await server.addTenant('stranger') };
  const [theirs, nobodys] = [await server.post(SIGN_ON, { clientId }, stranger), await server.post(SIGN_ON, { clientId: 77 })];
  assert.deepEqual([theirs.status, theirs.text], [404, nobodys.text]);
  const reader = { 'X-AUTH-TOKEN': (await server.addToken('default', { scopes: ['read'] })).token };
  assert.equal((await server.post(SIGN_ON, { clientId }, reader)).json.code, 'SCOPE_REQUIRED');
});

test('C13: a person with one name is shown by it alone: in lists, in the search, and on the page for the host', async (t) => {
  const server = await startTestServer(t);
  const first = await server.provision({ client: { externalId: 1, first: ' Suharto ', last: '' } });
  const last = await server.provision({ client: { externalId: 2, first: ' ', last: 'Sukarno' } });
  const again = await server.provision({ client: { externalId: 1, first: 'Suharto', last: '  ' } });
  assert.equal(again.text, first.text);
  assert.equal(again.headers.get('x-provision-outcome'), 'unchanged');
  for (const [{ data }, name, names] of [
    [first, 'Suharto', { first: 'Suharto', last: '' }],
    [last, 'Sukarno', { first: '', last: 'Sukarno' }],
  ] as const) {
    for (const query of [`name=${name}`, `q=${name.toLowerCase()}`]) {
      const { items } = (await get(server, `/v1/clients?${query}`)).json;
      assert.deepEqual(
        items.map((client: { first: string; last: string }) => ({ first: client.first, last: client.last })),
        [names],
        query,
      );
    }
    const page = await enterBy(server, await issue(server, data.clientId));
    assert.ok(page.text.includes(`Welcome, ${name}</h1>`), page.text);
  }
});
