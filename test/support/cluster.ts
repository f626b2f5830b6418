import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { queryPostgres } from './database.ts';
import { findFreePort } from './free-port.ts';
import { findPostgres } from './programs.ts';

/** A PostgreSQL of our own: its own directory and port, its clocks, settings and death in our hands. */
export interface Cluster {
  port: number;
  dataDir: string;
  /** As the superuser, to the database `postgres`. */
  url: string;
  logged(): string;
  /** A new, empty database; its address. */
  createDatabase(): Promise<string>;
  /** `kill -9` of the server and of each of its processes. */
  kill(): Promise<void>;
  /** After a kill or a stop; comes back when it takes connections. */
  start(): Promise<void>;
  /** A fast shutdown; connections are ended. */
  stop(): Promise<void>;
  /** Stops it, and removes all of it. */
  remove(): Promise<void>;
}

const USER = 'parley';
const START_MS = 60_000;
/** Runs what follows, which gets SIGQUIT (for PostgreSQL: end at once) when this process is killed. */
const WITH_US = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'QUIT'] : [];

/** PostgreSQL refuses to run as root: then it runs as the user that Debian's package made. */
function findRunner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** `settings` are PostgreSQL's own. With `tls` it takes encrypted connections only; `ca.crt` in its directory vouches for `localhost`. */
export async function startCluster({
  settings = {},
  tls = false,
}: { settings?: Record<string, string>; tls?: boolean } = {}): Promise<Cluster> {
  const bin = findPostgres();
  const runner = findRunner();
  const home = mkdtempSync(join(tmpdir(), 'parley-postgres-'));
  const dataDir = join(home, 'data');
  const password = randomBytes(12).toString('hex');
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, password);
  chmodSync(home, 0o755);
  if (runner !== undefined) for (const path of [home, passwordFile]) chownSync(path, runner.uid, runner.gid);

  const { LC_ALL: _, ...environment } = process.env;
  const options = { ...runner, cwd: home, env: { ...environment, LC_ALL: 'C.UTF-8' } };
  const run = (program: string, args: string[]): void => void execFileSync(program, args, { ...options, stdio: 'pipe' });
  run(join(bin, 'initdb'), [
    ...wordsOf(`-U ${USER} --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 --data-checksums --no-sync`),
    `--pgdata=${dataDir}`,
    `--pwfile=${passwordFile}`,
  ]);
  if (tls) {
    makeCertificate(run, dataDir);
    writeFileSync(join(dataDir, 'pg_hba.conf'), 'hostssl all all all scram-sha-256\n');
  }

  const port = await findFreePort();
  const url = `postgres://${USER}:${password}@127.0.0.1:${port}/postgres${tls ? '?sslmode=require&uselibpqcompat=true' : ''}`;
  const logFile = join(home, 'log');
  const given = { listen_addresses: '127.0.0.1', unix_socket_directories: home, ...(tls && { ssl: 'on' }), ...settings };
  const [program, ...args] = [
    ...WITH_US,
    join(bin, 'postgres'),
    '-D',
    dataDir,
    '-p',
    `${port}`,
    ...Object.entries(given).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];

  let server: ChildProcess | undefined;
  const killNow = (): void => {
    if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    for (const pid of [server.pid, ...childrenOf(server.pid)]) killIfThere(pid);
  };
  process.once('exit', () => {
    killNow();
    rmSync(home, { recursive: true, force: true });
  });

  const cluster: Cluster = {
    port,
    dataDir,
    url,
    logged: () => readFileSync(logFile, 'utf8'),
    async createDatabase() {
      const name = `test_${randomBytes(8).toString('hex')}`;
      await queryPostgres(url, `create database ${name}`);
      return withDatabase(url, name);
    },
    async kill() {
      const dying = server as ChildProcess;
      const closed = once(dying, 'exit');
      killNow();
      await closed;
    },
    async start() {
      const latest = performance.now() + START_MS;
      // Killed a moment ago, its memory may still be somebody's: then it gives up at once, and is started again.
      while (!(await startOnce())) {
        if (performance.now() > latest) throw new Error(`PostgreSQL does not start: ${cluster.logged().slice(-2_000)}`);
        await delay(50);
      }
    },
    async stop() {
      const stopping = server as ChildProcess;
      if (stopping.exitCode !== null || stopping.signalCode !== null) return;
      const closed = once(stopping, 'exit');
      stopping.kill('SIGINT');
      await closed;
    },
    async remove() {
      await cluster.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };

  /** False where the server ended before it took a connection. */
  async function startOnce(): Promise<boolean> {
    const log = openSync(logFile, 'a');
    const starting = spawn(program as string, args, { ...options, stdio: ['ignore', log, log] });
    server = starting;
    for (const latest = performance.now() + START_MS; performance.now() < latest; await delay(20)) {
      if (starting.exitCode !== null || starting.signalCode !== null) return false;
      const isUp = await queryPostgres(url, 'select 1').then(
        () => true,
        () => false,
      );
      if (isUp) return true;
    }
    return false;
  }

  await cluster.start();
  return cluster;
}

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = name;
  return changed.href;
}

function makeCertificate(run: (program: string, args: string[]) => void, dataDir: string): void {
  const path = (name: string): string => join(dataDir, name);
  const newCertificate = wordsOf('req -x509 -newkey rsa:2048 -nodes -days 2');
  run('openssl', [...newCertificate, '-subj', '/CN=Parley test CA', '-keyout', path('ca.key'), '-out', path('ca.crt')]);
  run('openssl', [
    ...newCertificate,
    ...wordsOf('-subj /CN=localhost -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE'),
    '-CA',
    path('ca.crt'),
    '-CAkey',
    path('ca.key'),
    '-keyout',
    path('server.key'),
    '-out',
    path('server.crt'),
  ]);
  for (const name of ['ca.key', 'server.key']) chmodSync(path(name), 0o600);
}

const wordsOf = (text: string): string[] => text.split(' ');

/** The processes that this one has started (Linux). Elsewhere PostgreSQL's own notice that it is gone within a moment. */
function childrenOf(parent: number): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => parentOf(pid) === parent);
  } catch {
    return [];
  }
}

function parentOf(pid: number): number | undefined {
  try {
    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the name in parentheses may hold anything.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return undefined;
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
