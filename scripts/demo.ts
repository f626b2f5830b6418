import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../src/config.ts';
import { generateToken } from '../src/domain/token.ts';
import { makeLog } from '../src/log.ts';
import { startService } from '../src/service.ts';
import { startJanus } from '../test/support/janus.ts';
import { callsAt } from '../test/support/server.ts';
import { buildIfOlder } from './build-pages.ts';

/**
 * `npm run demo`: Parley, a Janus and made-up data on this machine, with links by which two people meet in a conference in this machine's browsers. All of it is gone when
 * it is stopped.
 */
const PEOPLE = [
  { company: 'Lovelace Telecom', first: 'Ada', last: 'Lovelace' },
  { company: 'Hopper Media', first: 'Grace', last: 'Hopper' },
] as const;

async function main(): Promise<void> {
  if (!['/usr/bin/janus', '/usr/sbin/janus'].some((path) => existsSync(path))) {
    process.stderr.write('The demo needs the media server Janus. On Debian and Ubuntu: apt-get install janus\n');
    process.exitCode = 1;
    return;
  }
  await buildIfOlder('conference');
  const janus = await startJanus();
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-demo-'));
  const token = generateToken({ isSandbox: false }).reveal();
  const settings = { PARLEY_DATA_DIR: dataDir, PARLEY_PORT: '0', PARLEY_BOOTSTRAP_TOKEN: token, PARLEY_LOG_LEVEL: 'warn' };
  const config = readConfig({ ...janus.browserSettings, ...settings });
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.resolve());
  const service = await startService(config, { log: makeLog(config.logLevel) });
  try {
    process.stdout.write(await describe(service.url, token));
    await stopped.promise;
  } finally {
    await service.stop();
    await janus.remove();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Makes the data, and says where it is. Browsers keep the pages' cookies at localhost. */
async function describe(url: string, token: string): Promise<string> {
  const calls = callsAt(url);
  const [first, second] = await Promise.all(
    PEOPLE.map(async ({ company, first: firstName, last }, i) => {
      const { data } = await calls.provision(
        {
          company: { externalId: 50 + i, name: company, isWebConfEnabled: i === 0 },
          client: { externalId: 100 + i, first: firstName, last, email: `${firstName.toLowerCase()}@example.com` },
        },
        { 'X-AUTH-TOKEN': token },
      );
      const hub = `${url.replace('127.0.0.1', 'localhost')}/hub/${data.hub.hubUrl.split('.')[0]}`;
      return { ...data, hub, company };
    }),
  );
  if (first === undefined || second === undefined) throw new Error('the people were not made');
  return `
Two people in one conference, each in a tab or a browser of its own:

  The host    ${first.hub}?code=${first.passCodes.moderatorPassCode}
  The guest   ${first.hub}?code=${first.passCodes.participantPassCode}

Hubs of two companies, whose codes open nothing at the other's:

  ${first.company}    ${first.hub}
  ${second.company}        ${second.hub}    with video: no    code: ${second.passCodes.moderatorPassCode}

  The console   ${url}/console    token: ${token}

Press ctrl-C to stop. Everything of this demo is gone then.

`;
}

await main();
