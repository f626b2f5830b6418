import type { Cluster } from '../../test/support/cluster.ts';
import { alternate } from '../alternate.ts';
import type { Lab } from '../lab.ts';
import type { Looped, Loops } from '../load/loops.ts';
import type { ProvisionLoops } from '../processes/directory.ts';
import { printFact, printHeading, printRatio } from '../report.ts';
import { median, ratioOf } from '../statistics.ts';

const CLIENTS = 1_000;

/** New clients, each durable before its answer: a node with its groups, plain `pg` without any, and the node's store without HTTP. */
export async function compareProvisionOnPostgres(lab: Lab, cluster: Cluster): Promise<void> {
  const node = await lab.startParley(await lab.makePostgresDatabase(cluster, CLIENTS));
  const rawPg = await lab.startRawPg(await lab.makePostgresDatabase(cluster, CLIENTS));
  const store = await lab.startDirectory(await lab.makePostgresDatabase(cluster, CLIENTS));
  const generator = await lab.startGenerator();

  printHeading('provision on PostgreSQL: new clients a second, each durable before its answer');
  for (const connections of [1, 16, 64]) {
    const drive = async (seconds: number) => {
      const call = { kind: 'create', firstExternalId: lab.takeExternalIds() } as const;
      return (await lab.drive(generator, node, { call, connections, seconds })).perSecond;
    };
    const loopRaw = async (seconds: number) => {
      const question: Loops = { loops: connections, seconds };
      return (await rawPg.ask<Looped>(question)).perSecond;
    };
    const loopStore = async (seconds: number) => {
      const question: ProvisionLoops = { loops: connections, firstExternalId: lab.takeExternalIds(), seconds };
      return (await store.ask<Looped>(question)).perSecond;
    };
    const before = await lab.countWritten(node);
    const { parley, raw, bare } = await alternate(lab.profile, { parley: drive, raw: loopRaw, bare: loopStore });
    const after = await lab.countWritten(node);
    const [provisions, writes] = [after.provisions - before.provisions, after.writes - before.writes];
    printRatio(`${connections} connections, over raw pg without HTTP, one commit for each provision`, ratioOf(parley, raw));
    printRatio(`${connections} connections, over the same store and groups without HTTP`, ratioOf(parley, bare));
    printFact('  provisions', median(parley), `/s; raw pg ${median(raw).toFixed(0)}, store without HTTP ${median(bare).toFixed(0)}`);
    printFact('  writes', writes / (after.groups - before.groups), `a round trip; ${(writes / provisions).toFixed(2)} a provision`);
  }
}
