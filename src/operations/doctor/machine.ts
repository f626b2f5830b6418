import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../../config.ts';
import { FILES_BESIDE } from '../../store/sqlite/connection.ts';
import { isServerRunning } from '../../store/sqlite/server-lock.ts';
import { listReadableByOthers } from '../../vault/private-file.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const LOW_DISK_BYTES = 1024 ** 3;

export function checkRuntime(): Finding {
  return ok('runtime', `Node.js ${process.version}, SQLite ${process.versions.sqlite}`);
}

export async function checkDisk(path: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return free < LOW_DISK_BYTES ? warning('disk', `${detail}: make room, or provisions will be answered 503.`) : ok('disk', detail);
}

export async function checkServer({ database, host, port }: Config): Promise<Finding[]> {
  if (database.engine === 'sqlite' && !isServerRunning(database.path))
    return [warning('server', 'No server has this database open. Start it: parley serve')];
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/readyz`;
  try {
    const answer = await fetch(`${url}?verbose`, { signal: AbortSignal.timeout(5_000) });
    const { jobs = [] } = (await answer.json()) as { jobs?: RunningJob[] };
    const server = answer.ok
      ? ok('server', `ready at ${url}`)
      : problem('server', `${url} answers ${answer.status}: it is starting, stopping, or its disk fails.`);
    return [server, ...checkJobs(jobs)];
  } catch {
    const which = database.engine === 'sqlite' ? 'One has this database open but does not answer' : 'None answers';
    return [warning('server', `${which} at ${url}. Run this with the server's PARLEY_HOST and PARLEY_PORT.`)];
  }
}

interface RunningJob {
  name: string;
  lastSuccessAt: string | null;
  failures: number;
  late: boolean;
}

/** What the server does in the background. An older server tells nothing of it. */
function checkJobs(jobs: readonly RunningJob[]): Finding[] {
  if (jobs.length === 0) return [];
  const late = jobs.filter((job) => job.late);
  const names = late.map(
    ({ name, lastSuccessAt, failures }) => `"${name}" (last success ${lastSuccessAt ?? 'never'}, ${failures} failures)`,
  );
  return [
    late.length === 0
      ? ok('jobs', `${jobs.length} background jobs, none is late`)
      : warning('jobs', `Late: ${names.join(', ')}. The server's log says why.`),
  ];
}

/** Names and addresses are in the database and in its copies in the clear. */
export function checkFiles(path: string, dataDir: string): Finding {
  const open = listReadableByOthers([path, ...FILES_BESIDE.map((end) => `${path}${end}`)], [dirname(path), dataDir]);
  return open.length === 0
    ? ok('files', 'the database and what is beside it are for their owner only')
    : problem('files', `Others may read ${open.join(', ')}. Run: chmod 600 ${open.join(' ')}`);
}
