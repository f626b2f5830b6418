import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { isPublicAddress } from '../../src/webhooks/addresses.ts';
import { Sender } from '../../src/webhooks/sender.ts';
import { type Resolve, Targets } from '../../src/webhooks/targets.ts';
import { startReceiver } from '../support/receiver.ts';
import { SELF_SIGNED } from '../support/self-signed.ts';
import { startTestServer } from '../support/server.ts';
import { until } from '../support/until.ts';
import { call, createEndpoint, deliveriesOf, startWebhookServer } from '../support/webhooks.ts';

const PRIVATE = `
  0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.0.1
  169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1
  198.19.255.255 198.51.100.1 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1
  ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe 64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b:: 64:ff9b::1
  64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 2002:7f00:1:: 2002:c0a8:1::1
  3fff::1 5f00::1 fc00::1 fd12:3456:789a::1 fe80::1 fe80::1%lo fec0::1 ff02::1
`
  .trim()
  .split(/\s+/);
const PUBLIC = `
  1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 172.15.255.255
  172.32.0.1 192.167.255.255 192.169.0.1 223.255.255.255 2606:4700:4700::1111 2a00:1450:4001::1 2003::1
  ::ffff:8.8.8.8 64:ff9b::808:808
`
  .trim()
  .split(/\s+/);

test('an address is public or it is not, also where it hides another', () => {
  for (const address of PRIVATE) assert.equal(isPublicAddress(address), false, address);
  for (const address of PUBLIC) assert.equal(isPublicAddress(address), true, address);
});

test('what does not lead to a public address is refused when an endpoint is made and when it is changed', async (t) => {
  const server = await startTestServer(t);
  const hosts = `
    127.0.0.1 127.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 0 169.254.169.254 10.0.0.1 [::1] [::]
    [::ffff:127.0.0.1] [0:0:0:0:0:ffff:7f00:1] [64:ff9b::127.0.0.1] [2002:7f00:1::] [fd00::1] [fe80::1] localhost
    LOCALHOST localhost. １２７.0.0.1 127。0。0。1
  `
    .trim()
    .split(/\s+/);
  const refused = async (url: string): Promise<void> => {
    const answer = await call(server, 'POST', '/v1/webhooks', { url });
    assert.equal(answer.status, 422, url);
    assert.deepEqual([answer.json.code, answer.json.errors[0].field], ['FIELD_INVALID', 'url'], url);
  };
  for (const host of hosts) for (const port of ['', ':8443']) await refused(`https://${host}${port}/hook`);
  for (const url of [
    'http://1.1.1.1/hook',
    'https://user:pw@1.1.1.1/',
    'https://user@1.1.1.1/',
    'https://1.1.1.1/#fragment',
    'https://1.1.1.1/#',
    'https:///hook',
    'https://',
    'ftp://1.1.1.1/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    '//1.1.1.1/',
    'https:\\\\1.1.1.1',
    '',
    ' https://1.1.1.1/',
    'https://1.1.1.1/ a',
    'https://1.1.1.1/\n',
    'https://1.1.1.1:99999/',
    `https://1.1.1.1/${'a'.repeat(2_000)}`,
  ])
    await refused(url);
  const { endpointId, secret: _, ...made } = await createEndpoint(server, 'https://1.1.1.1:8443/hook?tenant=7', { enabled: false });
  assert.equal((made as { url?: string }).url, 'https://1.1.1.1:8443/hook?tenant=7');
  const change = await call(server, 'PATCH', `/v1/webhooks/${endpointId}`, { url: 'https://[::1]/' });
  assert.deepEqual([change.status, change.json.errors], [422, [{ field: 'url', detail: 'must lead to a public address' }]]);
});

test('what the operator no longer allows is not connected to, although it is on record', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const byAddress = await createEndpoint(server, receiver.url);
  const byName = await createEndpoint(server, receiver.url.replace('http://127.0.0.1', 'https://localhost'));
  await call(server, 'PATCH', `/v1/webhooks/${byAddress.endpointId}`, { url: receiver.url.replace('http:', 'https:') });
  await server.stop();
  const strict = await startTestServer(t, server.settings);
  await strict.provision();
  for (const endpoint of [byAddress, byName]) {
    await until('it is refused', async () => {
      const deliveries = await deliveriesOf(strict, endpoint);
      return (
        deliveries.length === 2 &&
        deliveries.every(({ lastAttempt }) => lastAttempt?.error.startsWith('refused: the target is not a public'))
      );
    });
  }
  assert.deepEqual(receiver.received, []);
});

test('a name is judged again when it is connected to, and one private address among public ones is too many', async (t) => {
  const receiver = await startReceiver(t);
  const { port } = new URL(receiver.url);
  let answers = [['8.8.8.8']];
  const asked: string[] = [];
  const resolve: Resolve = (host, _options, found) => {
    asked.push(host);
    const [addresses = []] = answers;
    if (answers.length > 1) answers = answers.slice(1);
    found(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  const targets = new Targets({ allowPrivate: false, resolve });
  const sender = new Sender(targets);
  t.after(() => sender.stop());
  const url = `https://hooks.example.com:${port}/`;
  assert.equal(await targets.findProblem(url), undefined);
  for (const turned of [['127.0.0.1'], ['::1'], ['8.8.8.8', '127.0.0.1'], ['::ffff:169.254.169.254']]) {
    answers = [turned];
    assert.equal(await targets.findProblem(url), 'must lead to a public address', String(turned));
    const attempt = await sender.send({ url, headers: {}, body: '{}' });
    assert.match(attempt?.error ?? '', /^refused: the target is not a public https address/, String(turned));
  }
  // Public when it was looked at, private a moment later: what counts is what is connected to.
  answers = [['8.8.8.8'], ['127.0.0.1']];
  assert.equal(await targets.findProblem(url), undefined);
  assert.match((await sender.send({ url, headers: {}, body: '{}' }))?.error ?? '', /^refused/);
  assert.ok(asked.length >= 11 && receiver.received.length === 0);

  const lax = new Targets({ allowPrivate: true, resolve: (_host, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]) });
  const free = new Sender(lax);
  t.after(() => free.stop());
  const sent = await free.send({ url: `http://hooks.example.com:${port}/`, headers: { 'webhook-id': 'x' }, body: '{}' });
  assert.deepEqual([sent?.outcome, receiver.received.length], ['delivered', 1], 'where it is allowed, by the same way');
});

test('a receiver whose certificate does not hold gets nothing', async (t) => {
  const server = await startWebhookServer(t);
  const asked: string[] = [];
  const impostor = createServer(SELF_SIGNED, (request, response) => {
    asked.push(String(request.url));
    response.end();
  });
  await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
  t.after(() => impostor.close());
  const { endpointId } = await createEndpoint(server, `https://127.0.0.1:${(impostor.address() as AddressInfo).port}/`);
  const { json } = await server.post(`/v1/webhooks/${endpointId}/ping`, undefined);
  assert.deepEqual([json.delivered, json.status, json.error, asked], [false, null, 'no answer: DEPTH_ZERO_SELF_SIGNED_CERT', []]);
});
