import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { databaseSettings } from '../support/database.ts';
import { startServerProcess } from '../support/process.ts';
import { startReceiver } from '../support/receiver.ts';
import { get } from '../support/resources.ts';
import { callsAt, makeDataDir, TEST_TOKEN } from '../support/server.ts';
import { until } from '../support/until.ts';
import { assertInOrder, createEndpoint, endpointOf } from '../support/webhooks.ts';

/** `npm run test:faults` asks for all of them. */
const ROUNDS = process.env.FAULTS === 'all' ? 50 : 5;
const CLIENTS = 20;

test(
  `no event is lost, and each client's stay in order, over ${ROUNDS} kill -9 during deliveries`,
  { timeout: ROUNDS * 60_000 },
  async (t) => {
    const settings = {
      PARLEY_DATA_DIR: makeDataDir(),
      ...(await databaseSettings()),
      PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN,
      PARLEY_RATE_LIMIT: '100000000',
      PARLEY_WEBHOOK_ALLOW_PRIVATE: 'true',
    };
    const receiver = await startReceiver(t);
    receiver.decide = async () => {
      await delay(5);
      return { status: 200 };
    };
    let server = await startServerProcess(t, settings);
    const endpoint = await createEndpoint(server, receiver.url, { after: 'evt_0' });
    for (let round = 0; round < ROUNDS; round++) {
      const calls = callsAt(server.url);
      const work = Promise.allSettled(
        Array.from({ length: CLIENTS }, async (_, i) => {
          const { clientId } = (await calls.provision({ client: { externalId: i + 1, first: `Round ${round}` } })).data;
          for (const path of [DEACTIVATE, REACTIVATE]) await calls.post(path, { clientId });
        }),
      );
      // Not a wait for something to finish: the moment of the kill is meant to be anywhere.
      await delay(250 + ((round * 97) % 400));
      await server.end('SIGKILL');
      await work;
      server = await startServerProcess(t, settings);
    }
    const { items } = (await get(server, '/v1/events?limit=1000')).json;
    assert.ok(items.length >= ROUNDS, 'the kills must have met work under way');
    const isComplete = (): boolean => {
      const ids = new Set(receiver.accepted.map(({ event }) => event.id));
      return items.every(({ id }: { id: string }) => ids.has(id));
    };
    await until('all have arrived', isComplete, { withinMs: 90_000 });
    assertInOrder(receiver.received);
    assert.equal((await endpointOf(server, endpoint)).enabled, true);
    const repeated = receiver.received.length - new Set(receiver.received.map(({ id }) => id)).size;
    t.diagnostic(`${ROUNDS} kills, ${items.length} events, ${repeated} of them sent more than once, 0 lost`);
    assert.equal(await server.end('SIGTERM'), 0);
  },
);

test('a stop does not wait for a receiver that hangs, and what it had is sent again at the next start', async (t) => {
  const settings = {
    PARLEY_DATA_DIR: makeDataDir(),
    ...(await databaseSettings()),
    PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN,
    PARLEY_WEBHOOK_ALLOW_PRIVATE: 'true',
  };
  const receiver = await startReceiver(t);
  receiver.decide = () => 'hang';
  const first = await startServerProcess(t, settings);
  await createEndpoint(first, receiver.url, { types: ['client.provisioned'] });
  await callsAt(first.url).provision();
  await until('it hangs', () => receiver.received.length === 1);
  const startedAt = performance.now();
  assert.equal(await first.end('SIGTERM'), 0);
  assert.ok(performance.now() - startedAt < 10_000);
  receiver.decide = () => ({ status: 200 });
  await startServerProcess(t, settings);
  await until('it has arrived', () => receiver.accepted.length === 1);
  assert.equal(receiver.received[0]?.id, receiver.received[1]?.id);
});
