import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { environmentWith, PARLEY } from '../../test/support/process.ts';
import { alternate } from '../alternate.ts';
import type { HttpServer, Lab } from '../lab.ts';
import { provisionBody } from '../load/provision.ts';
import { printFact, printHeading, printRatio } from '../report.ts';
import { median, ratioOf } from '../statistics.ts';

const CLIENTS = 1_000;
const CONNECTIONS = 64;
/** Enough that the start of the command is no matter. */
const ROWS_A_SECOND = 20_000;
const HEADINGS = 'Customer ID,Enterprise ID,Company,GlobalMeet,Plan ID,First Name,Last Name,E-Mail,Street,City,State,Country,ZIP';
/** Tells at its end the most memory that it ever held, in KiB. */
const TELL_MEMORY = 'data:text/javascript,process.on("exit",()=>process.stderr.write("\\nmemory "+process.resourceUsage().maxRSS+"\\n"))';

/** A file of new clients carried out by the command line, beside the rate of the bare calls; and what a plan of many rows holds in memory. */
export async function compareApply(lab: Lab): Promise<void> {
  const server = await lab.startParley(await lab.makeDatabase(CLIENTS));
  const generator = await lab.startGenerator();
  const directory = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  try {
    printHeading('apply: a CSV file of new clients, from the command to its end');
    const raw = async (seconds: number) => {
      const call = { kind: 'create', firstExternalId: lab.takeExternalIds() } as const;
      return (await lab.drive(generator, server, { call, connections: CONNECTIONS, seconds })).perSecond;
    };
    const apply = async (seconds: number) => {
      const rows = Math.ceil(seconds * ROWS_A_SECOND);
      const file = await writeFileOf(directory, lab.takeExternalIds(), rows);
      const startedAt = performance.now();
      await run(lab, server, ['apply', file, '--yes', '--json']);
      return (rows * 1_000) / (performance.now() - startedAt);
    };
    const samples = await alternate(lab.profile, { apply, raw });
    printRatio(`parley apply, over provisions at ${CONNECTIONS} connections`, ratioOf(samples.apply, samples.raw), { atLeast: 0.67 });
    printFact('  rows', median(samples.apply), `/s; provisions ${median(samples.raw).toFixed(0)} /s`);

    const { manyClients } = lab.profile;
    const few = await measurePlan(lab, server, directory, Math.ceil(manyClients / 10));
    const many = await measurePlan(lab, server, directory, manyClients);
    printRatio(`memory of parley plan: ${manyClients.toLocaleString('en')} rows, over a tenth of them`, ratioOf([many.mib], [few.mib]), {
      atMost: 1.3,
    });
    printFact('  memory', many.mib, `MiB at most; ${few.mib.toFixed(0)} with a tenth`);
    printFact('  planned', many.rowsPerSecond, 'rows/s');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measurePlan(lab: Lab, server: HttpServer, directory: string, rows: number): Promise<{ mib: number; rowsPerSecond: number }> {
  const file = await writeFileOf(directory, lab.takeExternalIds(), rows);
  const startedAt = performance.now();
  const stderr = await run(lab, server, ['plan', file], [0, 2]);
  const seconds = (performance.now() - startedAt) / 1_000;
  return { mib: Number(/memory (\d+)/.exec(stderr)?.[1]) / 1_024, rowsPerSecond: rows / seconds };
}

async function writeFileOf(directory: string, firstExternalId: number, rows: number): Promise<string> {
  const path = join(directory, `${firstExternalId}.csv`);
  const file = createWriteStream(path);
  file.write(`${HEADINGS}\n`);
  for (let at = 0; at < rows; at++) if (!file.write(lineOf(firstExternalId + at))) await once(file, 'drain');
  file.end();
  await finished(file);
  return path;
}

function lineOf(externalId: number): string {
  const { company, client, contact } = provisionBody(externalId);
  const cells = [company.externalId, company.enterpriseId, company.name, 'yes', externalId, client.first, client.last, client.email];
  const address = [contact.address, contact.city, contact.state, contact.country, contact.postalCode];
  return `${[...cells, ...address].map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(',')}\n`;
}

async function run(lab: Lab, { ready }: HttpServer, args: string[], codes: readonly number[] = [0]): Promise<string> {
  const env = environmentWith({ PARLEY_URL: ready.url, PARLEY_TOKEN: lab.token });
  const child = spawn(process.execPath, ['--import', TELL_MEMORY, PARLEY, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === null || !codes.includes(code)) throw new Error(`parley ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stderr;
}
