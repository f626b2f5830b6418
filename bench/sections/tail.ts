import { alternate } from '../alternate.ts';
import type { Generator, HttpServer, Lab } from '../lab.ts';
import type { Driven } from '../load/generator.ts';
import type { ParleyOptions } from '../processes/parley.ts';
import { printFact, printHeading, printRatio } from '../report.ts';
import { median, ratioOf } from '../statistics.ts';

const CLIENTS = 1_000;
const PROVISION_CONNECTIONS = 64;
const GET_CONNECTIONS = 4;
const GETS_A_SECOND = 400;

/** How long the slowest hundredth of the gets take while provisions run at full rate, over the same gets on an idle server. */
export async function compareTail(lab: Lab): Promise<void> {
  printHeading(
    `tail: p99 of ${GETS_A_SECOND} gets a second beside ${PROVISION_CONNECTIONS} connections that provision, over the same gets alone`,
  );
  const samples = await measureTail(lab, {});
  const p99Ms = (side: 'alone' | 'beside') => samples[side].map((driven) => driven.p99Ms);
  printRatio('get p99', ratioOf(p99Ms('beside'), p99Ms('alone')), { atMost: 5 });
  printFact('  p99 beside provisions', median(p99Ms('beside')), `ms; alone ${median(p99Ms('alone')).toFixed(2)}`);
}

export async function measureTail(lab: Lab, options: Partial<ParleyOptions>): Promise<Record<'alone' | 'beside', Driven[]>> {
  const server = await lab.startParley(await lab.makeDatabase(CLIENTS), options);
  const [gets, provisions] = await Promise.all([lab.startGenerator(), lab.startGenerator()]);
  return alternate(lab.profile, {
    alone: (seconds) => driveGets(lab, gets, server, seconds),
    beside: async (seconds) => {
      const call = { kind: 'create', firstExternalId: lab.takeExternalIds() } as const;
      const provisioning = lab.drive(provisions, server, { call, connections: PROVISION_CONNECTIONS, seconds: seconds + 0.5 });
      const [driven] = await Promise.all([driveGets(lab, gets, server, seconds), provisioning]);
      return driven;
    },
  });
}

function driveGets(lab: Lab, generator: Generator, server: HttpServer, seconds: number): Promise<Driven> {
  return lab.drive(generator, server, {
    call: { kind: 'get', clients: CLIENTS },
    connections: GET_CONNECTIONS,
    rate: GETS_A_SECOND,
    seconds,
  });
}
