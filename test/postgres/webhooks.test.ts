import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEACTIVATE, REACTIVATE } from '../support/bodies.ts';
import { createTestDatabase } from '../support/database.ts';
import { killAndRestart, type Node, startNodes } from '../support/nodes.ts';
import { startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';
import { assertInOrder, createEndpoint } from '../support/webhooks.ts';

const CLIENTS = 60;
const EVENTS = CLIENTS * 3;

test('three nodes deliver each event once and in order, and one that is killed leaves none behind', { timeout: 180_000 }, async (t) => {
  const url = await createTestDatabase();
  const nodes = (await startNodes(t, [url, url, url], { PARLEY_WEBHOOK_ALLOW_PRIVATE: 'true' })) as [Node, Node, Node];
  const receiver = await startReceiver(t);
  receiver.decide = () => new Promise((resolve) => setTimeout(() => resolve({ status: 200 }), 10));
  const types = ['client.provisioned', 'client.updated', 'client.deactivated', 'client.reactivated'];
  await createEndpoint(nodes[0].calls, receiver.url, { types });
  const change = (first: string): Promise<unknown> =>
    Promise.allSettled(
      Array.from({ length: CLIENTS }, async (_, i) => {
        const at = (step: number): Node['calls'] => nodes[((i + step) % nodes.length) as 0 | 1 | 2].calls;
        const { clientId } = (await at(0).provision({ client: { externalId: i + 1, first } })).data;
        await at(1).post(DEACTIVATE, { clientId });
        await at(2).post(REACTIVATE, { clientId });
      }),
    );
  await change('One');
  await until('all have arrived', () => new Set(receiver.accepted.map(({ id }) => id)).size === EVENTS, { withinMs: 60_000 });
  assert.equal(receiver.received.length, EVENTS, 'none came twice');
  assertInOrder(receiver.received);

  const changing = change('Two');
  await until('the second round is under way', () => receiver.received.length > EVENTS + 20, { withinMs: 60_000 });
  await killAndRestart(t, nodes[1]);
  await changing;
  const events = async (): Promise<Set<string>> => {
    const answer = await fetch(`${nodes[0].calls.url}/v1/events?limit=1000&types=${types}`, {
      headers: { 'X-AUTH-TOKEN': 'a-token-for-tests-only-0001' },
    });
    return new Set(((await answer.json()) as { items: { id: string }[] }).items.map(({ id }) => id));
  };
  const expected = await events();
  const arrived = (): Set<string> => new Set(receiver.accepted.map(({ event }) => event.id));
  await until('all have arrived again', () => [...expected].every((id) => arrived().has(id)), { withinMs: 90_000 });
  assertInOrder(receiver.received);
  t.diagnostic(`${expected.size} events, ${receiver.received.length} deliveries`);
});
