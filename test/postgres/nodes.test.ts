import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { DEACTIVATE, GET } from '../support/bodies.ts';
import { createTestDatabase, queryPostgres } from '../support/database.ts';
import { command, Model } from '../support/model.ts';
import { killAndRestart, type Node, startNodes } from '../support/nodes.ts';
import { runParley } from '../support/process.ts';
import { type Answer, TEST_TOKEN } from '../support/server.ts';
import { until } from '../support/until.ts';
import { assertWholeRecords } from '../support/whole-records.ts';

const NODES = 3;
/** `npm run test:faults -- --postgres` asks for all of them. */
const COMMANDS = process.env.FAULTS === 'all' ? 10_000 : 3_000;
const WITHIN_MS = 1_000;

async function startThree(t: TestContext): Promise<{ url: string; nodes: [Node, Node, Node] }> {
  const url = await createTestDatabase();
  return {
    url,
    nodes: (await startNodes(
      t,
      Array.from({ length: NODES }, () => url),
    )) as [Node, Node, Node],
  };
}

test(`G1: ${NODES} nodes and 1,000 raced provisions of one client at each leave one client and give one answer`, async (t) => {
  const { url, nodes } = await startThree(t);
  let refused = 0;
  /** A node that has too much to do says so with 503, and is asked again. */
  const insist = async ({ calls }: Node): Promise<Answer> => {
    for (;;) {
      const answer = await calls.provision();
      if (answer.status !== 503) return answer;
      refused++;
      await delay(1_000 * Number(answer.headers.get('retry-after')));
    }
  };
  const answers = (await Promise.all(nodes.map((node) => Promise.all(Array.from({ length: 1_000 }, () => insist(node)))))).flat();
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
  assert.equal(answers.filter(({ headers }) => headers.get('x-provision-outcome') === 'created').length, 1);
  for (const [table, n] of Object.entries({ companies: 1, hubs: 1, clients: 1, reservations: 1, pass_codes: 2 }))
    assert.deepEqual(await queryPostgres(url, `select count(*) as n from ${table}`), [{ n }], table);
  t.diagnostic(`${answers.length} raced provisions at ${NODES} nodes (${refused} refused with 503 and repeated): 1 client, 1 answer`);
});

test('G1: raced changes of one client at three nodes are each made or refused, and the last one made is the record', async (t) => {
  const { url, nodes } = await startThree(t);
  const first = await nodes[0].calls.provision();
  const changes = Array.from({ length: 150 }, (_, i) =>
    nodes[(i % NODES) as 0 | 1 | 2].calls.provision({ client: { first: `First ${i}` } }),
  );
  for (const answer of await Promise.all(changes)) assert.deepEqual([answer.status, answer.data], [200, first.data]);
  const [{ first: recorded }] = (await queryPostgres(url, 'select first from clients')) as [{ first: string }];
  assert.match(recorded, /^First \d+$/);
  // The one that is on record is unchanged when it comes again, wherever it comes.
  const again = await Promise.all(nodes.map(({ calls }) => calls.provision({ client: { first: recorded } })));
  assert.deepEqual(
    again.map(({ headers }) => headers.get('x-provision-outcome')),
    ['unchanged', 'unchanged', 'unchanged'],
  );
});

test(`${COMMANDS} mixed commands, each at any of ${NODES} nodes, answer as the model says`, async (t) => {
  const { nodes } = await startThree(t);
  let base = 0;
  let sent = 0;
  const pickServer = () => {
    sent++;
    return nodes[Math.floor(Math.random() * NODES) as 0 | 1 | 2].calls;
  };
  const property = fc.asyncProperty(fc.commands([command], { maxCommands: 40 }), async (commands) => {
    base += 100;
    await fc.asyncModelRun(() => ({ model: new Model(), real: { pickServer, base } }), commands);
  });
  const track = async (): Promise<void> => {
    while (sent < COMMANDS) await fc.assert(property, { numRuns: 5 });
  };
  await Promise.all(Array.from({ length: 8 }, track));
  await assertWholeRecords(nodes[0].settings);
  t.diagnostic(`${sent} mixed commands at ${NODES} nodes: every answer as the model says`);
});

test('G7: what is done at one node is true at the others within a second: status, tokens, keys', async (t) => {
  const { url, nodes } = await startThree(t);
  const [left, middle, right] = nodes;
  const { clientId } = (await left.calls.provision()).data;
  await left.calls.post(DEACTIVATE, { clientId });
  for (const { calls } of nodes) assert.equal((await calls.post(GET, { clientId })).headers.get('x-client-status'), 'inactive');

  // A token that is revoked by one command, beside any node; once with the listening connections cut, so that the poll alone sees it.
  for (const isCut of [false, true]) {
    const created = await runParley(['token', 'create', 'short-lived'], middle.settings);
    const token = /parley_\w+/.exec(created.stdout)?.[0] as string;
    const statuses = () =>
      Promise.all(nodes.map(async ({ calls }) => (await calls.post(GET, { clientId }, { 'X-AUTH-TOKEN': token })).status));
    assert.deepEqual(await statuses(), [200, 200, 200]);
    const [{ id }] = (await queryPostgres(url, 'select max(token_id) as id from tokens')) as [{ id: number }];
    if (isCut) await cutListeners(url, NODES);
    assert.equal((await runParley(['token', 'revoke', `${id}`], right.settings)).code, 0);
    await until('no node takes the token', async () => (await statuses()).every((status) => status === 401), { withinMs: WITHIN_MS });
  }

  assert.equal((await left.calls.post(GET, { clientId }, { 'X-AUTH-TOKEN': TEST_TOKEN })).status, 200);
});

/** Ends the connections that listen, and says that each of them was one. */
async function cutListeners(url: string, n: number): Promise<void> {
  const cut = await queryPostgres(
    url,
    `select pg_terminate_backend(pid) as cut from pg_stat_activity
     where datname = current_database() and query in ('listen parley', 'select 1') and pid <> pg_backend_pid()`,
  );
  assert.deepEqual(
    cut.map((row) => row.cut),
    Array.from({ length: n }, () => 1),
  );
}

test('the master key is rotated beside three nodes: each goes on, says which key it has, and starts again with the new one only', async (t) => {
  const { nodes } = await startThree(t);
  const [first] = await Promise.all(nodes.map(({ calls }) => calls.provision()));
  const next = Buffer.alloc(32, 7).toString('base64');
  const file = `${nodes[0].settings.PARLEY_DATA_DIR}/next.key`;
  writeFileSync(file, next, { mode: 0o600 });
  assert.equal((await runParley(['key', 'rotate', '--new-key-file', file], nodes[0].settings)).code, 0);
  for (const { process, calls } of nodes) {
    await until('it says that it has the old key', () => process.output().stdout.includes('this node has the old one'), {
      withinMs: WITHIN_MS,
    });
    assert.equal((await calls.provision()).text, first?.text);
  }
  assert.match(
    (await runParley(['serve'], { ...nodes[1].settings, PARLEY_PORT: '0' })).stderr,
    /not the one that this database was sealed with/,
  );
  nodes[1].settings.PARLEY_MASTER_KEY = next;
  await killAndRestart(t, nodes[1]);
  assert.equal((await nodes[1].calls.provision()).text, first?.text);
});
