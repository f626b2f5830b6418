import { FIRST_CLIENT_ID } from '../../src/domain/ids.ts';
import { alternate } from '../alternate.ts';
import type { HttpServer, Lab } from '../lab.ts';
import { type Call, makeCall, PATHS } from '../load/calls.ts';
import { provisionBody } from '../load/provision.ts';
import { printFact, printHeading, printRatio } from '../report.ts';
import { median, ratioOf } from '../statistics.ts';

const CLIENTS = 1_000;
const CODES = 200;

/** A bridge's question that is answered with accept, each of a call of its own, against `node:http` that answers the same bytes, and against get. */
export async function compareAdmission(lab: Lab): Promise<void> {
  const database = await lab.makeDatabase(CLIENTS);
  const parley = await lab.startParley(database);
  const token = await lab.makeBridge(database);
  const codes: string[] = [];
  for (let i = 1; i <= CODES; i++)
    codes.push(JSON.parse(await lab.post(parley, PATHS.repeat, provisionBody(i))).data.passCodes.participantPassCode);
  const answer = await lab.post(parley, PATHS.admit, JSON.parse(makeCall(0, codes)), token);
  if (JSON.parse(answer).action !== 'accept') throw new Error(`expected accept, and it was ${answer}`);
  const bare = await lab.startBareHttp(answer);
  const got = await lab.startBareHttp(await lab.post(parley, PATHS.get, { clientId: FIRST_CLIENT_ID }));
  const generator = await lab.startGenerator();
  let firstCall = 1;

  printHeading('admission: accepts a second, each leg on record, over bare node:http answering the same bytes, and over get');
  for (const connections of [1, 16, 64]) {
    const drive = (server: HttpServer, makeLoad: () => Call) => async (seconds: number) => {
      const cpuMsBefore = await server.ask<number>({});
      const call = makeLoad();
      const driven = await lab.drive(generator, server, {
        call,
        connections,
        seconds,
        isPolling: true,
        ...(call.kind === 'admit' && { token }),
      });
      return { ...driven, cpuUs: (((await server.ask<number>({})) - cpuMsBefore) * 1000) / driven.count };
    };
    const admit = (): Call => ({ kind: 'admit', firstCall: (firstCall += 10_000_000), codes });
    const get = (): Call => ({ kind: 'get', clients: CLIENTS });
    const samples = await alternate(lab.profile, {
      admission: drive(parley, admit),
      bare: drive(bare, admit),
      get: drive(parley, get),
      bareGet: drive(got, get),
    });
    const perSecond = (side: keyof typeof samples) => samples[side].map((sample) => sample.perSecond);
    const cpuUs = (side: keyof typeof samples) => samples[side].map((sample) => sample.cpuUs);
    printRatio(`${connections} connections, over bare node:http`, ratioOf(perSecond('admission'), perSecond('bare')), { atLeast: 0.6 });
    printRatio(`  get over bare node:http, in the same run`, ratioOf(perSecond('get'), perSecond('bareGet')));
    printRatio(`  over get`, ratioOf(perSecond('admission'), perSecond('get')));
    printFact(
      `  CPU time of an accept`,
      median(cpuUs('admission')),
      `µs, the writer's thread included; get ${median(cpuUs('get')).toFixed(0)}`,
    );
  }
}
