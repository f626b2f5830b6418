import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Event, Parley, ParleyApiError } from '../../sdk/src/index.ts';
import { MessageReader } from '../../sdk/src/sse.ts';
import { startFlakyProxy } from '../support/flaky-proxy.ts';
import { provisionBody } from '../support/bodies.ts';
import { startTestServer, TEST_TOKEN } from '../support/server.ts';
import { until } from '../support/until.ts';

test('a follower that is cut off again and again, and whose server is started anew, gets every event once and in order', async (t) => {
  let server = await startTestServer(t);
  const proxy = await startFlakyProxy(t, () => server.url);
  const parley = new Parley({ url: proxy.url, token: TEST_TOKEN, retries: 8 });
  const controller = new AbortController();
  const followed: Event[] = [];
  const reason = new Error('enough');
  const following = (async () => {
    for await (const event of parley.events.follow({ after: 'evt_0', types: ['client.provisioned'], signal: controller.signal }))
      followed.push(event);
  })();
  const streams = (): number => proxy.asked.filter((asked) => asked.includes('/stream')).length;
  const provision = (externalId: number) => parley.clients.provision(provisionBody({ client: { externalId } }));

  for (let round = 0; round < 4; round++) {
    const before = streams();
    for (let at = 0; at < 5; at++) await provision(100 + round * 10 + at);
    if (round === 1) {
      const { settings } = server;
      await server.stop();
      proxy.fates.push({ status: 503 }, { status: 502, body: '<html>' });
      server = await startTestServer(t, settings);
    } else proxy.cut();
    for (let at = 5; at < 10; at++) await provision(100 + round * 10 + at);
    await until('the stream is open again', () => streams() > before);
  }
  await until('all have come', () => followed.length >= 40);
  controller.abort(reason);
  await assert.rejects(following, (error) => error === reason);
  const listed: Event[] = [];
  for await (const event of parley.events.list({ types: ['client.provisioned'], pageSize: 7 })) listed.push(event);
  assert.equal(listed.length, 40);
  assert.deepEqual(followed, listed);
});

test('without a place a follower begins with what is to come, and one that is cut off before its first event misses none', async (t) => {
  const server = await startTestServer(t);
  const proxy = await startFlakyProxy(t, () => server.url);
  const parley = new Parley({ url: proxy.url, token: TEST_TOKEN });
  await server.provision();
  const stream = parley.events.follow();
  const first = stream.next();
  await until('the server has told the place', () => proxy.passedBytes > 0);
  proxy.fates.push('hang');
  proxy.cut();
  await until('the follower is connected again, to nothing', () => proxy.asked.length === 2);
  await server.provision({ client: { externalId: 101 } });
  proxy.cut();
  const { value } = await first;
  assert.deepEqual(value?.data, { externalId: 101, companyExternalId: 50 });
  assert.equal((await stream.return()).done, true);
});

test('a stream that has fallen silent is opened again', async (t) => {
  const server = await startTestServer(t);
  const proxy = await startFlakyProxy(t, () => server.url);
  const parley = new Parley({ url: proxy.url, token: TEST_TOKEN });
  proxy.fates.push('hang');
  await server.provision();
  const { value } = await parley.events.follow({ after: 'evt_0', timeoutMs: 300 }).next();
  assert.equal(value?.type, 'company.created');
  assert.equal(proxy.asked.length, 2);
});

test('a follower whose token has ended is told so, and does not try for ever', async (t) => {
  const server = await startTestServer(t);
  const { token, tokenId } = await server.addToken('default', { scopes: ['read', 'provision'] });
  const parley = new Parley({ url: server.url, token });
  const stream = parley.events.follow({ after: 'evt_0' });
  await server.provision();
  assert.equal((await stream.next()).value?.type, 'company.created');
  await server.revoke(tokenId);
  await assert.rejects(
    async () => {
      while (!(await stream.next()).done);
    },
    (error) => error instanceof ParleyApiError && error.code === 'UNAUTHORIZED',
  );
  await assert.rejects(parley.events.follow({ after: 'first' }).next(), ParleyApiError);
});

test('messages are read alike wherever the stream is cut into pieces', () => {
  const text =
    ': connected\nid: evt_1\n\nid: evt_2\r\nevent: a\r\ndata: {"a":\r\ndata:1}\r\n\r\ndata: x\rretry: 5\r\rid: evt_4\n\n\n: end\n\n';
  const expected = [
    { id: 'evt_1', data: undefined },
    { id: 'evt_2', data: '{"a":\n1}' },
    { id: 'evt_2', data: 'x' },
    { id: 'evt_4', data: undefined },
  ];
  for (let size = 1; size <= text.length; size++) {
    const reader = new MessageReader();
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));
    assert.deepEqual(
      pieces.flatMap((piece) => [...reader.read(piece)]),
      expected,
      `in pieces of ${size}`,
    );
  }
});
