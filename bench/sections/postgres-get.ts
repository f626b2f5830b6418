import type { Cluster } from '../../test/support/cluster.ts';
import { FIRST_CLIENT_ID } from '../../src/domain/ids.ts';
import { alternate } from '../alternate.ts';
import type { HttpServer, Lab } from '../lab.ts';
import { PATHS } from '../load/calls.ts';
import { printFact, printHeading, printRatio } from '../report.ts';
import { median, ratioOf } from '../statistics.ts';

const CLIENTS = 1_000;

/** A look-up through a whole node against `node:http` that looks the same client up by plain `pg` and answers the same bytes. */
export async function compareGetOnPostgres(lab: Lab, cluster: Cluster): Promise<void> {
  const database = await lab.makePostgresDatabase(cluster, CLIENTS);
  const node = await lab.startParley(database);
  const bareHttp = await lab.startBareHttp(await lab.post(node, PATHS.get, { clientId: FIRST_CLIENT_ID }), database);
  const generator = await lab.startGenerator();

  printHeading('get on PostgreSQL: requests a second, over those of bare node:http with one find_client for each by raw pg');
  for (const connections of [1, 16, 64]) {
    // The load sleeps while it waits, unlike that on SQLite: the core that polling takes is one that PostgreSQL needs.
    const drive = (server: HttpServer) => async (seconds: number) => {
      const cpuMsBefore = await server.ask<number>({});
      const driven = await lab.drive(generator, server, { call: { kind: 'get', clients: CLIENTS }, connections, seconds });
      return { ...driven, cpuUs: (((await server.ask<number>({})) - cpuMsBefore) * 1000) / driven.count };
    };
    const { parley, bare } = await alternate(lab.profile, { parley: drive(node), bare: drive(bareHttp) });
    const perSecond = (samples: typeof parley) => samples.map((sample) => sample.perSecond);
    const cpuUs = (samples: typeof parley) => median(samples.map((sample) => sample.cpuUs));
    printRatio(`${connections} connections`, ratioOf(perSecond(parley), perSecond(bare)));
    printFact('  gets', median(perSecond(parley)), `/s; bare ${median(perSecond(bare)).toFixed(0)}`);
    printFact('  CPU time of a call, without that of PostgreSQL', cpuUs(parley), `µs; bare ${cpuUs(bare).toFixed(0)}`);
  }
}
