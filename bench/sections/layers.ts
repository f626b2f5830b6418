import { FIRST_CLIENT_ID } from '../../src/domain/ids.ts';
import type { Lab } from '../lab.ts';
import type { Call } from '../load/calls.ts';
import type { TimeByLayer } from '../processes/profiler.ts';
import { printFact, printHeading } from '../report.ts';

const CLIENTS = 1_000;
const PER_SIDE = 4;

/** Where the time of a call goes on the thread that serves: a profile while it is loaded, divided by the calls that it answered. Profiling makes each dearer; their shares are what counts. */
export async function showLayers(lab: Lab): Promise<void> {
  const server = await lab.startParley(await lab.makeDatabase(CLIENTS));
  const generator = await lab.startGenerator();
  const seconds = lab.profile.seconds * PER_SIDE;
  const kinds: readonly [title: string, connections: number, call: () => Call][] = [
    ['a get, 16 connections', 16, () => ({ kind: 'get', clients: CLIENTS, firstClientId: FIRST_CLIENT_ID })],
    ['a create, one connection', 1, () => ({ kind: 'create', firstExternalId: lab.takeExternalIds() })],
  ];
  for (const [title, connections, call] of kinds) {
    await lab.drive(generator, server, { call: call(), connections, seconds: lab.profile.warmUpSeconds });
    await server.ask({ profile: 'start' });
    const { count } = await lab.drive(generator, server, { call: call(), connections, seconds });
    const spent = await server.ask<TimeByLayer>({ profile: 'stop' });
    printHeading(`layers: microseconds of the serving thread for ${title}, of ${count.toLocaleString('en')} in a profile`);
    const layers = Object.entries(spent).toSorted(([, one], [, other]) => other - one);
    for (const [layer, us] of layers) printFact(layer, us / count, 'µs');
  }
}
