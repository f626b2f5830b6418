import { FIRST_CLIENT_ID } from '../../src/domain/ids.ts';
import { alternate } from '../alternate.ts';
import type { HttpServer, Lab } from '../lab.ts';
import type { Call } from '../load/calls.ts';
import { printFact, printHeading, printRatio, type Target } from '../report.ts';
import { median, ratioOf } from '../statistics.ts';

const CLIENTS = 1_000;
const TARGETS: Readonly<Record<'create' | 'get', Readonly<Record<number, Target>>>> = {
  create: { 1: { atLeast: 1 } },
  get: { 1: { atLeast: 1.3 } },
};

/** The whole server against a script that anybody could write: Express and node:sqlite, one commit for each request. */
export async function compareByHand(lab: Lab): Promise<void> {
  const parley = await lab.startParley(await lab.makeDatabase(CLIENTS));
  const script = await lab.startByHand(CLIENTS);
  const generator = await lab.startGenerator();
  const gets: Call = { kind: 'get', clients: CLIENTS };

  printHeading('by hand: requests a second, over those of a script of Express and node:sqlite that does less');
  for (const kind of ['create', 'get'] as const) {
    for (const connections of [1, 16, 64]) {
      const drive = (server: HttpServer, first: number) => async (seconds: number) => {
        const call: Call = kind === 'get' ? { ...gets, firstClientId: first } : { kind, firstExternalId: lab.takeExternalIds() };
        return (await lab.drive(generator, server, { call, connections, seconds })).perSecond;
      };
      const { ours, theirs } = await alternate(lab.profile, { ours: drive(parley, FIRST_CLIENT_ID), theirs: drive(script, 1) });
      printRatio(`${kind}, ${connections} connections`, ratioOf(ours, theirs), TARGETS[kind][connections]);
      printFact(`  ${kind}s`, median(ours), `/s; by hand ${median(theirs).toFixed(0)}`);
    }
  }
}
