import { alternate } from '../alternate.ts';
import type { HttpServer, Lab } from '../lab.ts';
import type { Looped } from '../load/loops.ts';
import type { ProvisionLoops } from '../processes/directory.ts';
import { printFact, printHeading, printRatio } from '../report.ts';
import { median, ratioOf } from '../statistics.ts';

const CLIENTS = 1_000;

/** New clients, each durable before its answer: with groups, without, and with groups but without HTTP. */
export async function compareProvision(lab: Lab): Promise<void> {
  const grouped = await lab.startParley(await lab.makeDatabase(CLIENTS));
  const single = await lab.startParley(await lab.makeDatabase(CLIENTS), { maxGroup: 1 });
  const directory = await lab.startDirectory(await lab.makeDatabase(CLIENTS));
  const generator = await lab.startGenerator();

  printHeading('provision: new clients a second, each durable before its answer');
  for (const connections of [1, 16, 64]) {
    const drive = (server: HttpServer) => async (seconds: number) => {
      const call = { kind: 'create', firstExternalId: lab.takeExternalIds() } as const;
      return (await lab.drive(generator, server, { call, connections, seconds })).perSecond;
    };
    const loop = async (seconds: number) => {
      const question: ProvisionLoops = { loops: connections, firstExternalId: lab.takeExternalIds(), seconds };
      return (await directory.ask<Looped>(question)).perSecond;
    };
    const { parley, one, bare } = await alternate(lab.profile, { parley: drive(grouped), one: drive(single), bare: loop });
    const targets = connections === 64 ? ([{ atLeast: 8 }, { atLeast: 0.7 }] as const) : [];
    printRatio(`${connections} connections, over the same server committing one at a time`, ratioOf(parley, one), targets[0]);
    printRatio(`${connections} connections, over a group-commit loop without HTTP`, ratioOf(parley, bare), targets[1]);
    printFact('  provisions', median(parley), `/s; one at a time ${median(one).toFixed(0)}, without HTTP ${median(bare).toFixed(0)}`);
  }
}
