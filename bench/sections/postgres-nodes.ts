import { availableParallelism } from 'node:os';
import type { Cluster } from '../../test/support/cluster.ts';
import { alternate } from '../alternate.ts';
import type { HttpServer, Lab } from '../lab.ts';
import type { Call } from '../load/calls.ts';
import { printFact, printHeading, printRatio } from '../report.ts';
import { median, ratioOf } from '../statistics.ts';

const CLIENTS = 1_000;
const CONNECTIONS = 64;
/** Two nodes, two loads, and PostgreSQL with as many processes as both have connections: with fewer they only share what one had. */
const ENOUGH_CORES = 8;

/** The same load on one node, and split over two on the same database. */
export async function compareNodes(lab: Lab, cluster: Cluster): Promise<void> {
  const database = await lab.makePostgresDatabase(cluster, CLIENTS);
  const [first, second] = [await lab.startParley(database), await lab.startParley(database)];
  // Two of them for one node as well: a second node is compared, not a second load.
  const generators = [await lab.startGenerator(), await lab.startGenerator()] as const;
  const cores = availableParallelism();
  const target = { atLeast: 1.6, untold: cores < ENOUGH_CORES ? `cannot be told on ${cores} cores` : undefined };

  printHeading(`two nodes on one PostgreSQL, over one: ${CONNECTIONS} connections in all. Nodes, PostgreSQL and load share ${cores} cores`);
  const calls: Record<string, () => Call> = {
    provisions: () => ({ kind: 'create', firstExternalId: lab.takeExternalIds() }),
    gets: () => ({ kind: 'get', clients: CLIENTS }),
  };
  for (const [name, callOf] of Object.entries(calls)) {
    const drive = (servers: readonly [HttpServer, HttpServer]) => async (seconds: number) => {
      const load = () => ({ call: callOf(), connections: CONNECTIONS / 2, seconds });
      const driven = await Promise.all(generators.map((generator, i) => lab.drive(generator, servers[i] as HttpServer, load())));
      return driven.reduce((sum, { perSecond }) => sum + perSecond, 0);
    };
    const { one, two } = await alternate(lab.profile, { one: drive([first, first]), two: drive([first, second]) });
    printRatio(`${name} a second`, ratioOf(two, one), target);
    printFact(`  ${name} of two nodes`, median(two), `/s; one ${median(one).toFixed(0)}`);
  }
}
