import { alternate } from '../alternate.ts';
import type { Database, HttpServer, Lab } from '../lab.ts';
import type { Call } from '../load/calls.ts';
import { printFact, printHeading, printRatio } from '../report.ts';
import { median, ratioOf } from '../statistics.ts';

const FEW_CLIENTS = 1_000;
const CONNECTIONS = 64;
const STARTS = 5;

interface Sized {
  database: Database;
  clients: number;
}

/** What a large database costs: per call, in memory, and at the start. */
export async function compareGrowth(lab: Lab): Promise<void> {
  const { manyClients } = lab.profile;
  const [none, few, many] = [await make(lab, 0), await make(lab, FEW_CLIENTS), await make(lab, manyClients)];
  printHeading(`growth: ${manyClients.toLocaleString('en')} clients, over ${FEW_CLIENTS.toLocaleString('en')}`);
  await compareStarts(lab, many, none);

  const servers = { few: await lab.startParley(few.database), many: await lab.startParley(many.database) };
  for (const server of Object.values(servers)) await lab.waitForSearch(server);
  const generator = await lab.startGenerator();
  const costOf = async (callOf: (sized: Sized) => Call) => {
    const drive = (server: HttpServer, sized: Sized) => async (seconds: number) => {
      const driven = await lab.drive(generator, server, { call: callOf(sized), connections: CONNECTIONS, seconds });
      return 1 / driven.perSecond;
    };
    const cost = await alternate(lab.profile, { few: drive(servers.few, few), many: drive(servers.many, many) });
    return ratioOf(cost.many, cost.few);
  };
  printRatio('cost of a get', await costOf(({ clients }) => ({ kind: 'get', clients })), { atMost: 1.3 });
  printRatio('cost of a provision', await costOf(() => ({ kind: 'create', firstExternalId: lab.takeExternalIds() })), { atMost: 1.3 });
  const residentMib = (server: HttpServer) => server.residentBytes() / 2 ** 20;
  const memory = { few: residentMib(servers.few), many: residentMib(servers.many) };
  printRatio('resident memory after both', ratioOf([memory.many], [memory.few]), { atMost: 1.2 });
  printFact('  resident', memory.many, `MiB; with ${FEW_CLIENTS.toLocaleString('en')} clients ${memory.few.toFixed(0)}`);
}

async function make(lab: Lab, clients: number): Promise<Sized> {
  return { database: await lab.makeDatabase(clients), clients };
}

async function compareStarts(lab: Lab, many: Sized, none: Sized): Promise<void> {
  const samples = { many: [] as number[], none: [] as number[] };
  for (let round = 0; round < STARTS; round++) {
    samples.none.push(await startMs(lab, none));
    samples.many.push(await startMs(lab, many));
  }
  printRatio('start to first answer, over that on an empty database', ratioOf(samples.many, samples.none), { atMost: 3 });
  printFact('  start to first answer', median(samples.many), `ms; on an empty database ${median(samples.none).toFixed(0)}`);
}

async function startMs(lab: Lab, { database }: Sized): Promise<number> {
  const startedAt = performance.now();
  const server = await lab.startParley(database);
  const answer = await fetch(`${server.ready.url}/readyz`);
  if (!answer.ok) throw new Error(`/readyz answered ${answer.status}`);
  const elapsedMs = performance.now() - startedAt;
  await server.stop();
  return elapsedMs;
}
