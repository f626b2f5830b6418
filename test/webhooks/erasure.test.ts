import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findIn } from '../support/find-in.ts';
import { type Received, startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';
import { createEndpoint, deliveriesOf, startWebhookServer } from '../support/webhooks.ts';

test('what receivers said about somebody who is erased is nowhere in the whole database, nor does it come back', async (t) => {
  const server = await startWebhookServer(t);
  const receiver = await startReceiver(t);
  const endpoint = await createEndpoint(server, receiver.url, { types: ['client.provisioned', 'client.updated', 'client.erased'] });
  const { promise: erasure, resolve: go } = Promise.withResolvers<void>();
  const name = { first: 'Wilhelmina', last: 'Quackenbush', email: 'mina.quackenbush@example.org' };
  receiver.decide = async ({ event }: Received) => {
    if (event.data.externalId !== 100) return { status: 200, body: 'saved: Kept Person' };
    if (event.type === 'client.updated') await erasure;
    return { status: event.type === 'client.erased' ? 500 : 200, body: 'saved: Wilhelmina Quackenbush' };
  };
  const { clientId } = (await server.provision({ client: name })).data;
  const other = (await server.provision({ client: { externalId: 101 } })).data.clientId;
  await until('both have arrived', async () => (await deliveriesOf(server, endpoint, '&state=delivered')).length === 2);
  assert.equal((await deliveriesOf(server, endpoint, `&clientId=${clientId}`))[0].lastAttempt.excerpt, 'saved: Wilhelmina Quackenbush');
  await server.provision({ client: { ...name, first: 'Mina' } });
  await until('one is under way', () => receiver.received.length === 3);

  assert.equal((await server.post(`/v1/clients/${clientId}/erase`, undefined)).status, 200);
  const words = ['Wilhelmina', 'Quackenbush', 'quackenbush'];
  assert.deepEqual(await findIn(server, words), []);
  go();
  await until('all have been tried', async () => {
    const about = await deliveriesOf(server, endpoint, `&clientId=${clientId}`);
    return about.length === 3 && about.every(({ attempts }) => attempts === 1);
  });
  for (const { lastAttempt } of await deliveriesOf(server, endpoint, `&clientId=${clientId}`)) assert.equal(lastAttempt.excerpt, null);
  assert.equal((await deliveriesOf(server, endpoint, `&clientId=${other}`))[0].lastAttempt.excerpt, 'saved: Kept Person');
  assert.deepEqual(await findIn(server, words), []);
  assert.deepEqual(await findIn(server, ['Kept Person']), ['Kept Person']);
});
