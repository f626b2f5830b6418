import { alternate } from '../alternate.ts';
import type { Database, Lab } from '../lab.ts';
import { type Call, SEARCHED, type SearchedBy } from '../load/calls.ts';
import { printHeading, printRatio } from '../report.ts';
import { ratioOf } from '../statistics.ts';

const CONNECTIONS = 4;

/** What it costs to find a client among many by what somebody types, over a look-up by id on the same server. */
export async function compareSearch(lab: Lab): Promise<void> {
  await compare(lab, await lab.makeDatabase(lab.profile.manyClients), 'SQLite');
}

export async function compareSearchOnPostgres(lab: Lab): Promise<void> {
  const cluster = await lab.startPostgres();
  await compare(lab, await lab.makePostgresDatabase(cluster, lab.profile.manyClients), 'PostgreSQL');
}

async function compare(lab: Lab, database: Database, engine: string): Promise<void> {
  const clients = lab.profile.manyClients;
  const server = await lab.startParley(database);
  await lab.waitForSearch(server);
  const generator = await lab.startGenerator();
  printHeading(
    `search on ${engine}: cost of a search among ${clients.toLocaleString('en')} clients, over a get; ${CONNECTIONS} connections`,
  );
  const drive = (call: Call) => async (seconds: number) =>
    1 / (await lab.drive(generator, server, { call, connections: CONNECTIONS, seconds })).perSecond;
  for (const by of Object.keys(SEARCHED) as SearchedBy[]) {
    const cost = await alternate(lab.profile, {
      search: drive({ kind: 'search', clients, by }),
      get: drive({ kind: 'get', clients }),
    });
    printRatio(`by ${by}`, ratioOf(cost.search, cost.get), { atMost: 50 });
  }
}
