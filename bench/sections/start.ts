import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../../test/support/free-port.ts';
import { environmentWith, PARLEY } from '../../test/support/process.ts';
import type { Lab } from '../lab.ts';
import { printFact, printHeading, printRatio } from '../report.ts';
import { median, ratioOf } from '../statistics.ts';

const BARE = `require('node:http').createServer((_, answer) => answer.end('{}')).listen(Number(process.env.PARLEY_PORT), '127.0.0.1')`;
/** The first starts of a clone also compile what the later ones read. */
const UNMEASURED = 2;
const POLL_MS = 2;
const IDLE_MS = 20_000;
const WANTED_MIB = 120;

/** From the command to the first answer, to the end of `--help`, and what an idle server holds in memory. */
export async function compareStart({ profile }: Lab): Promise<void> {
  const samples = { serve: [] as number[], bare: [] as number[], help: [] as number[], nothing: [] as number[] };
  for (let round = -UNMEASURED; round < profile.rounds; round++) {
    const serve = await timeFirstAnswer([PARLEY, 'serve']);
    const bare = await timeFirstAnswer(['-e', BARE]);
    const help = await timeCommand([PARLEY, '--help']);
    const nothing = await timeCommand(['-e', '0']);
    if (round < 0) continue;
    samples.serve.push(serve);
    samples.bare.push(bare);
    samples.help.push(help);
    samples.nothing.push(nothing);
  }
  printHeading('start: from the command on, in an empty data directory');
  printRatio('first answer, over that of bare node:http', ratioOf(samples.serve, samples.bare), { atMost: 10 });
  printFact('  first answer', median(samples.serve), `ms; bare ${median(samples.bare).toFixed(0)}`);
  printRatio('parley --help, over node -e 0', ratioOf(samples.help, samples.nothing), { atMost: 4 });
  printFact('  parley --help', median(samples.help), `ms; node -e 0 ${median(samples.nothing).toFixed(0)}`);
  const resident = await withServer([PARLEY, 'serve'], async ({ pid }) => {
    await delay(IDLE_MS);
    return residentMib(pid as number);
  });
  printRatio(`resident memory when idle, over ${WANTED_MIB} MiB`, ratioOf([resident], [WANTED_MIB]), { atMost: 1 });
  printFact('  resident', resident, 'MiB');
}

function timeFirstAnswer(args: string[]): Promise<number> {
  const startedAt = performance.now();
  return withServer(args, () => performance.now() - startedAt);
}

async function timeCommand(args: string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env: environmentWith({}), stdio: 'ignore' });
  const code = await exitOf(child);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return performance.now() - startedAt;
}

/** `use` is called with the first answer. */
async function withServer<Result>(args: string[], use: (child: ChildProcess) => Result | Promise<Result>): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const port = await findFreePort();
  const settings = { PARLEY_DATA_DIR: dataDir, PARLEY_PORT: String(port) };
  const child = spawn(process.execPath, args, { env: environmentWith(settings), stdio: 'ignore' });
  const exited = exitOf(child);
  try {
    while (!(await isAnswered(`http://127.0.0.1:${port}/readyz`))) {
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`);
      await delay(POLL_MS);
    }
    return await use(child);
  } finally {
    child.kill('SIGTERM');
    await exited;
    await rm(dataDir, { recursive: true, force: true });
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve));
}

function isAnswered(url: string): Promise<boolean> {
  return fetch(url).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.ok;
    },
    () => false,
  );
}

function residentMib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
