import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Cluster, startCluster } from '../support/cluster.ts';
import { FAULTS, FaultProxy } from '../support/fault-proxy.ts';
import { Ledger } from '../support/ledger.ts';
import { killAndRestart, type Node, startNodes, waitForService } from '../support/nodes.ts';
import { assertWholeRecords } from '../support/whole-records.ts';

/** `npm run test:faults -- --postgres` asks for all of them. */
const IS_WHOLE = process.env.FAULTS === 'all';
const NODE_KILLS = IS_WHOLE ? 50 : 5;
const POSTGRES_KILLS = IS_WHOLE ? 20 : 2;
const LINK_FAULTS = IS_WHOLE ? 100 : 8;
const CALLERS = 12;
const NODES = 3;

/** Callers that go on through everything until the work between is done; then everything that was acknowledged is asked for again. */
async function underLoad(nodes: readonly Node[], work: () => Promise<void>): Promise<Ledger> {
  const ledger = new Ledger();
  let isOver = false;
  let turn = 0;
  const callers = Array.from({ length: CALLERS }, (_, caller) =>
    ledger.callRepeatedly(
      caller,
      () => (nodes[turn++ % nodes.length] as Node).calls.url,
      () => isOver,
    ),
  );
  // A caller that was told something impossible ends the campaign at once.
  const done = work().finally(() => {
    isOver = true;
  });
  await Promise.all([done, ...callers]);
  await ledger.check(nodes.map(({ calls }) => calls.url));
  assert.ok((await assertWholeRecords((nodes[0] as Node).settings)) >= ledger.acknowledged);
  assert.ok(ledger.acknowledged > 0 && ledger.cutOff + ledger.refused > 0, 'the faults must have met requests under way');
  return ledger;
}

async function startPrivateCluster(t: TestContext): Promise<Cluster> {
  const cluster = await startCluster();
  t.after(() => cluster.remove());
  return cluster;
}

/** How long until service was back, counted from the end of each fault. */
class Recoveries {
  readonly #milliseconds: number[] = [];

  add(ms: number): void {
    this.#milliseconds.push(ms);
  }

  toString(): string {
    const sorted = this.#milliseconds.toSorted((a, b) => a - b);
    const seconds = (ms: number | undefined): string => `${((ms ?? 0) / 1000).toFixed(1)} s`;
    return `service back after ${seconds(sorted[sorted.length >> 1])} in the median, ${seconds(sorted.at(-1))} at the longest`;
  }
}

function sumUp(ledger: Ledger): string {
  return (
    `${ledger.acknowledged} clients acknowledged, ${ledger.repeated} answers repeated byte for byte, ` +
    `${ledger.refused} requests refused with 503, ${ledger.cutOff} cut off, 0 lost, 0 doubled`
  );
}

test(`G1, G2: ${NODE_KILLS} kill -9 of nodes and ${POSTGRES_KILLS} of PostgreSQL under load lose and double nothing`, async (t) => {
  const cluster = await startPrivateCluster(t);
  const url = await cluster.createDatabase();
  const nodes = await startNodes(
    t,
    Array.from({ length: NODES }, () => url),
  );
  const afterNode = new Recoveries();
  const afterPostgres = new Recoveries();
  const every = Math.round((NODE_KILLS + POSTGRES_KILLS) / POSTGRES_KILLS);
  const ledger = await underLoad(nodes, async () => {
    for (let kill = 1; kill <= NODE_KILLS + POSTGRES_KILLS; kill++) {
      // Not a wait for something to finish: the moment of the kill is meant to be anywhere.
      await delay(50 + ((kill * 97) % 400));
      if (kill % every === 0) {
        const before = nodes.map(({ process }) => process.pid);
        await cluster.kill();
        await cluster.start();
        afterPostgres.add(await waitForService(nodes));
        assert.deepEqual(
          nodes.map(({ process }) => process.pid),
          before,
          'no node was started again',
        );
      } else {
        await killAndRestart(t, nodes[kill % NODES] as Node);
        afterNode.add(await waitForService(nodes));
      }
    }
  });
  t.diagnostic(`${NODE_KILLS} kill -9 of ${NODES} nodes: ${afterNode.toString()}`);
  t.diagnostic(`${POSTGRES_KILLS} kill -9 of PostgreSQL: ${afterPostgres.toString()}`);
  t.diagnostic(sumUp(ledger));
});

test(`G1, G2: the link of a node cut and healed ${LINK_FAULTS} times (${FAULTS.join(', ')}) under load loses and doubles nothing`, async (t) => {
  const cluster = await startPrivateCluster(t);
  const url = await cluster.createDatabase();
  const proxies = await Promise.all(Array.from({ length: NODES }, () => FaultProxy.start({ port: cluster.port })));
  t.after(() => Promise.all(proxies.map((proxy) => proxy.stop())));
  const nodes = await startNodes(
    t,
    proxies.map((proxy) => proxy.through(url)),
  );
  const pids = nodes.map(({ process }) => process.pid);
  const recoveries = new Map(FAULTS.map((fault) => [fault, new Recoveries()]));
  const ledger = await underLoad(nodes, async () => {
    for (let round = 0; round < LINK_FAULTS; round++) {
      const fault = FAULTS[round % FAULTS.length] as (typeof FAULTS)[number];
      const cut = (round + Math.floor(round / FAULTS.length)) % NODES;
      const proxy = proxies[cut] as FaultProxy;
      await delay(50 + ((round * 97) % 200));
      proxy.break(fault);
      // Some of them for longer than a statement may take.
      await delay(round % 10 === 9 ? 6_000 : 200 + ((round * 131) % 900));
      await waitForService(nodes.filter((_, i) => i !== cut));
      proxy.heal();
      recoveries.get(fault)?.add(await waitForService(nodes));
    }
  });
  assert.deepEqual(
    nodes.map(({ process }) => process.pid),
    pids,
    'no node was started again',
  );
  for (const [fault, recovery] of recoveries) t.diagnostic(`link ${fault}, ${LINK_FAULTS / FAULTS.length} times: ${recovery.toString()}`);
  t.diagnostic(`${LINK_FAULTS} faults of the link: ${sumUp(ledger)}`);
});
