import { FIRST_CLIENT_ID } from '../../src/domain/ids.ts';
import { alternate } from '../alternate.ts';
import type { HttpServer, Lab } from '../lab.ts';
import { PATHS } from '../load/calls.ts';
import { printFact, printHeading, printRatio } from '../report.ts';
import { median, ratioOf } from '../statistics.ts';

const CLIENTS = 1_000;

/** A look-up through the whole server against `node:http` that answers the same bytes. */
export async function compareGet(lab: Lab): Promise<void> {
  const parley = await lab.startParley(await lab.makeDatabase(CLIENTS));
  const bare = await lab.startBareHttp(await lab.post(parley, PATHS.get, { clientId: FIRST_CLIENT_ID }));
  const generator = await lab.startGenerator();

  printHeading('get: requests a second, over those of bare node:http answering the same bytes');
  for (const connections of [1, 16, 64]) {
    const drive = (server: HttpServer) => async (seconds: number) => {
      const cpuMsBefore = await server.ask<number>({});
      const driven = await lab.drive(generator, server, { call: { kind: 'get', clients: CLIENTS }, connections, seconds, isPolling: true });
      return { ...driven, cpuUs: (((await server.ask<number>({})) - cpuMsBefore) * 1000) / driven.count };
    };
    const samples = await alternate(lab.profile, { parley: drive(parley), bare: drive(bare) });
    const perSecond = (side: 'parley' | 'bare') => samples[side].map((sample) => sample.perSecond);
    const cpuUs = (side: 'parley' | 'bare') => samples[side].map((sample) => sample.cpuUs);
    printRatio(`${connections} connections`, ratioOf(perSecond('parley'), perSecond('bare')), { atLeast: 0.6 });
    printFact(`  CPU time of a call`, median(cpuUs('parley')), `µs; bare ${median(cpuUs('bare')).toFixed(0)}`);
  }
}
