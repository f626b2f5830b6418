import { alternate } from '../alternate.ts';
import type { HttpServer, Lab } from '../lab.ts';
import { printHeading, printRatio } from '../report.ts';
import { ratioOf } from '../statistics.ts';
import { measureTail } from './tail.ts';

const CLIENTS = 1_000;

/** The writer in a thread of its own, which is what the server does, against a writer on the thread that serves. */
export async function compareWriters(lab: Lab): Promise<void> {
  const inThread = await lab.startParley(await lab.makeDatabase(CLIENTS), { writer: 'thread' });
  const onMain = await lab.startParley(await lab.makeDatabase(CLIENTS), { writer: 'main' });
  const generator = await lab.startGenerator();

  printHeading('writer: in a thread of its own, over one on the main thread');
  for (const connections of [1, 16, 64]) {
    const drive = (server: HttpServer) => async (seconds: number) => {
      const call = { kind: 'create', firstExternalId: lab.takeExternalIds() } as const;
      return (await lab.drive(generator, server, { call, connections, seconds })).perSecond;
    };
    const { thread, main } = await alternate(lab.profile, { thread: drive(inThread), main: drive(onMain) });
    printRatio(`provisions a second, ${connections} connections`, ratioOf(thread, main));
  }
  const thread = await measureTail(lab, { writer: 'thread' });
  const main = await measureTail(lab, { writer: 'main' });
  const p99Ms = (samples: typeof thread) => samples.beside.map((driven) => driven.p99Ms);
  printRatio('p99 of get beside provisions at full rate', ratioOf(p99Ms(thread), p99Ms(main)));
}
