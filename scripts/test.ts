import { spawn } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Cluster, startCluster } from '../test/support/cluster.ts';
import { buildIfOlder } from './build-pages.ts';
import { makeMigratedDatabase } from '../test/support/database.ts';
import {
  findBashCompletion,
  findChromium,
  findCoturn,
  findFirefox,
  findFish,
  findJanus,
  findNginx,
  findPgBouncer,
  findPostgres,
  findProsody,
  findZsh,
} from '../test/support/programs.ts';

/**
 * Runs the tests:
 *
 *     node scripts/test.ts sqlite [FILE...]     the suites, or these files, on SQLite
 *     node scripts/test.ts quick                what answers within a minute, on SQLite: no campaign, no browser, no engine
 *     node scripts/test.ts postgres             what depends on the store, on PostgreSQL, and what is PostgreSQL's alone
 *     node scripts/test.ts postgres FILE...     these files on PostgreSQL
 *     node scripts/test.ts faults [FILE...]     the long fault campaigns on SQLite, or these files at their full size
 *     node scripts/test.ts faults --postgres [FILE...]     the same on PostgreSQL
 *
 * PostgreSQL is a private cluster of this run, started and removed here. What is not on this machine (it, PgBouncer, nginx, Chromium, Firefox, coturn, Janus, Prosody) is installed from
 * Debian's packages where that is possible; where it is not the suites are skipped loudly, and with CI or REQUIRE_POSTGRES set that is a failure.
 */
const ALL = ['test/*.test.ts', 'test/!(postgres)/*.test.ts'];
const QUICK = [
  'test/{architecture,docs,json-gate,phone-number}.test.ts',
  'test/contract/!(race).test.ts',
  'test/resources/!(events).test.ts',
  'test/countries/*.test.ts',
  'test/pages/pages.test.ts',
  'test/admission/{admission,callers,conferences,credentials,lifecycle,rails}.test.ts',
  'test/bridges/!(ending|prosody|livekit-sip|alike).test.ts',
  'test/webhooks/endpoints.test.ts',
];
/** Dialects, the client's library, where webhooks may lead, the drill and the simulation, whose stores are its own, are the same whichever store there is. */
const ON_BOTH = [
  'test/contract/*.test.ts',
  'test/resources/*.test.ts',
  'test/webhooks/!(targets).test.ts',
  'test/admission/*.test.ts',
  'test/bridges/alike.test.ts',
  'test/bridges/ending.test.ts',
  'test/bridges/livekit-sip.test.ts',
  'test/conference/protocol.test.ts',
  'test/hub/{sign-in,host-page}.test.ts',
  'test/janus/janus.test.ts',
  'test/janus/faults.test.ts',
  'test/platform/campaign.test.ts',
  'test/platform/contract.test.ts',
  'test/platform/gateway.test.ts',
  'test/model.test.ts',
  'test/bad-input.test.ts',
  'test/kill.test.ts',
  'test/secrets.test.ts',
];
const POSTGRES_ONLY = ['test/postgres/*.test.ts'];
const FAULTS = [
  'test/kill.test.ts',
  'test/webhooks/kill.test.ts',
  'test/resources/events.test.ts',
  'test/platform/simulation.test.ts',
  'test/platform/campaign.test.ts',
  'test/admission/attack.test.ts',
];
const POSTGRES_FAULTS = [
  'test/postgres/nodes.test.ts',
  'test/postgres/campaigns.test.ts',
  'test/webhooks/kill.test.ts',
  'test/resources/events.test.ts',
  'test/platform/campaign.test.ts',
  'test/admission/attack.test.ts',
];
const MINUTES = 60_000;
const REPORTERS = ['spec', fileURLToPath(new URL('slowest-tests.ts', import.meta.url))].flatMap((reporter) => [
  `--test-reporter=${reporter}`,
  '--test-reporter-destination=stdout',
]);
/** On SQLite tests wait more than they compute; PostgreSQL keeps two processors busy with two. */
const MOST_AT_ONCE = 3;
/** Hundreds of processes start, each of which would read and strip the same sources. */
const NODE_COMPILE_CACHE = fileURLToPath(new URL('../node_modules/.cache/node', import.meta.url));

/**
 * Files that are in memory are as safe from `kill -9` as on a disk, and nothing here pulls a plug. Only where there is room for them several times over:
 * PostgreSQL's of one run are some 3 GB.
 */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 12 * 1024 ** 3;

const { values, positionals } = parseArgs({ options: { postgres: { type: 'boolean', default: false } }, allowPositionals: true });

async function main(): Promise<number> {
  const [what = '', ...files] = positionals;
  // Once, before files that run side by side look at what is built.
  for (const page of ['console', 'conference'] as const) await buildIfOlder(page);
  if (what !== 'faults' && hasRoomInMemory()) process.env.TMPDIR ??= MEMORY;
  switch (what) {
    case 'sqlite':
      if (files.length === 0)
        install([findChromium, findCoturn, findFirefox, findJanus, findProsody, findBashCompletion, findZsh, findFish]);
      return runTests(files.length > 0 ? files : ALL, 5 * MINUTES, {}, MOST_AT_ONCE);
    case 'quick':
      return runTests(QUICK, MINUTES, {}, MOST_AT_ONCE);
    case 'postgres':
      return onPostgres((environment) => runTests(files.length > 0 ? files : [...ON_BOTH, ...POSTGRES_ONLY], 5 * MINUTES, environment));
    case 'faults':
      return values.postgres
        ? onPostgres((environment) => runTests(files.length > 0 ? files : POSTGRES_FAULTS, 60 * MINUTES, { ...environment, FAULTS: 'all' }))
        : runTests(files.length > 0 ? files : FAULTS, 60 * MINUTES, { FAULTS: 'all' });
    default:
      process.stderr.write(
        'Say which: node scripts/test.ts sqlite [FILE...], node scripts/test.ts quick, node scripts/test.ts postgres [FILE...], or node scripts/test.ts faults [--postgres] [FILE...]\n',
      );
      return 2;
  }
}

async function onPostgres(run: (environment: Record<string, string>) => Promise<number>): Promise<number> {
  let cluster: Cluster;
  try {
    install([findChromium, findJanus]);
    for (const find of [findPostgres, findPgBouncer, findNginx]) find();
    cluster = await startCluster({ settings: { max_connections: '300' } });
  } catch (error) {
    return skipLoudly((error as Error).message);
  }
  try {
    await makeMigratedDatabase(cluster.url);
    return await run({ TEST_STORE: 'postgres', TEST_POSTGRES: cluster.url });
  } finally {
    await cluster.remove();
  }
}

/** Before the tests, which run side by side: two installations at once would get in each other's way. Who needs what is missing says so. */
function install(programs: readonly (() => string)[]): void {
  for (const find of programs) {
    try {
      find();
    } catch {
      // Told by the tests, one by one.
    }
  }
}

function hasRoomInMemory(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return Math.min(bavail * bsize, freemem()) > ROOM_BYTES;
}

function skipLoudly(reason: string): number {
  const isRequired = Boolean(process.env.CI || process.env.REQUIRE_POSTGRES);
  const line = '='.repeat(100);
  const verdict = isRequired ? 'FAILED: the suites on PostgreSQL must run here.' : 'SKIPPED: NOTHING OF PARLEY ON POSTGRESQL WAS TESTED.';
  process.stderr.write(`\n${line}\n${verdict}\n${reason}\n${line}\n\n`);
  return isRequired ? 1 : 0;
}

async function runTests(files: string[], timeoutMs: number, environment: Record<string, string>, atOnce = 2): Promise<number> {
  const child = spawn(process.execPath, ['--test', `--test-concurrency=${atOnce}`, `--test-timeout=${timeoutMs}`, ...REPORTERS, ...files], {
    env: { NODE_COMPILE_CACHE, ...process.env, ...environment },
    stdio: 'inherit',
  });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return code ?? 1;
}

process.exitCode = await main();
