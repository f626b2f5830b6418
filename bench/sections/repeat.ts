import { alternate } from '../alternate.ts';
import type { HttpServer, Lab } from '../lab.ts';
import { type Call, PATHS } from '../load/calls.ts';
import { provisionBody } from '../load/provision.ts';
import { printHeading, printRatio } from '../report.ts';
import { ratioOf } from '../statistics.ts';

const CLIENTS = 1_000;
const CONNECTIONS = 64;

/** The nightly re-push: provisions that find nothing to change, which are answered without a write. */
export async function compareRepeat(lab: Lab): Promise<void> {
  const parley = await lab.startParley(await lab.makeDatabase(CLIENTS));
  const bareProvision = await lab.startBareHttp(await lab.post(parley, PATHS.repeat, provisionBody(1)));
  const generator = await lab.startGenerator();

  const drive = (server: HttpServer, call: Call) => async (seconds: number) =>
    (await lab.drive(generator, server, { call, connections: CONNECTIONS, seconds, isPolling: true })).perSecond;
  const { repeat, bare, get } = await alternate(lab.profile, {
    repeat: drive(parley, { kind: 'repeat', clients: CLIENTS }),
    bare: drive(bareProvision, { kind: 'repeat', clients: CLIENTS }),
    get: drive(parley, { kind: 'get', clients: CLIENTS }),
  });
  printHeading(`repeated provision that changes nothing, ${CONNECTIONS} connections: requests a second`);
  printRatio('over bare node:http answering the same bytes', ratioOf(repeat, bare));
  printRatio('over get', ratioOf(repeat, get));
}
