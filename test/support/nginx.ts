import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findFreePort } from './free-port.ts';
import { findNginx } from './programs.ts';
import { makeDataDir } from './server.ts';
import { until } from './until.ts';

const EXAMPLE = fileURLToPath(new URL('../../deploy/nginx.conf', import.meta.url));
const EXAMPLE_NODES = ['10.0.0.11:8080', '10.0.0.12:8080', '10.0.0.13:8080'];
/** Where Debian's nginx was built to keep what does not fit into memory. */
const TEMPORARY = ['client_body_temp_path', 'proxy_temp_path', 'fastcgi_temp_path', 'uwsgi_temp_path', 'scgi_temp_path'];
/** Runs what follows, which ends when this process does, however that ends. */
const WITH_US = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'TERM'] : [];

/** One line of its log, written after the answer has left. `node` and `nodeStatus` have an entry for each try, with commas between. */
interface LoggedCall {
  requestId: string;
  request: string;
  status: number;
  node: string;
  nodeStatus: string;
}

export interface Nginx {
  url: string;
  /** Whom callers have to trust, with TLS. */
  certificate: string | undefined;
  logged(): LoggedCall[];
  /** What this node answered to each call that was tried there, as nginx counts it: 502 where it did not. */
  triesAt(nodeUrl: string): string[];
}

/** The example of deploy/nginx.conf in front of these nodes, with its own places and ports and nothing else changed. Never as root. */
export async function startNginx(t: TestContext, nodeUrls: readonly string[], { tls = false } = {}): Promise<Nginx> {
  const program = findNginx();
  const home = makeDataDir();
  const runner = findRunner();
  const port = await findFreePort();
  const path = (name: string): string => join(home, name);
  if (tls) makeCertificate(home);
  writeFileSync(path('nginx.conf'), adapt(readFileSync(EXAMPLE, 'utf8'), { home, port, nodeUrls, tls }));
  if (runner !== undefined) for (const owned of ['', ...(tls ? ['parley.key'] : [])]) chownSync(path(owned), runner.uid, runner.gid);

  const args = ['-p', home, '-c', 'nginx.conf', '-e', path('error.log')];
  const tested = spawnSync(program, ['-t', ...args], { ...runner, encoding: 'utf8' });
  assert.equal(tested.status, 0, tested.stderr);
  // That `user` has no meaning for us is all that it may have against the file.
  assert.doesNotMatch(tested.stderr.replace(/.*\[warn\].*"user" directive.*/, ''), /\[(?:warn|error)\]/);
  const [command, ...rest] = [...WITH_US, program, ...args, '-g', 'daemon off;'];
  const child = spawn(command, rest, { ...runner, stdio: 'ignore' });
  t.after(() => stop(child));

  const url = `http://127.0.0.1:${port}`;
  const logged = (): LoggedCall[] =>
    readFileSync(path('access.log'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LoggedCall);
  await until('nginx listens', () => {
    assert.equal(child.exitCode, null, 'nginx ended at start');
    return fetch(url).then(
      () => true,
      () => false,
    );
  });
  return {
    url,
    certificate: tls ? readFileSync(path('parley.crt'), 'utf8') : undefined,
    logged,
    triesAt: (nodeUrl) =>
      logged().flatMap(({ node, nodeStatus }) => {
        const at = node.split(', ').indexOf(new URL(nodeUrl).host);
        return at < 0 ? [] : [nodeStatus.split(', ')[at] as string];
      }),
  };
}

function adapt(
  example: string,
  { home, port, nodeUrls, tls }: { home: string; port: number; nodeUrls: readonly string[]; tls: boolean },
): string {
  const changes: [string, string][] = [
    ['/run/nginx.pid', `${home}/nginx.pid`],
    ['/var/log/nginx/error.log', `${home}/error.log`],
    ['/var/log/nginx/access.log', `${home}/access.log`],
    ['\nhttp {\n', `\nhttp {\n${TEMPORARY.map((place) => `${place} ${home}/${place};\n`).join('')}`],
    ...EXAMPLE_NODES.map((node, i): [string, string] => [`server ${node} `, `server ${new URL(nodeUrls[i] as string).host} `]),
  ];
  if (tls) {
    changes.push(['        listen 80;\n', ''], ['# listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`]);
    for (const file of ['parley.crt', 'parley.key']) changes.push([`/etc/nginx/tls/${file}`, `${home}/${file}`]);
    for (const line of ['certificate ', 'certificate_key ', 'protocols ', 'session_cache ']) changes.push([`# ssl_${line}`, `ssl_${line}`]);
  } else {
    changes.push(['listen 80;', `listen 127.0.0.1:${port};`]);
  }
  let text = example;
  for (const [from, to] of changes) {
    assert.equal(text.split(from).length, 2, `deploy/nginx.conf has "${from.trim()}" once`);
    text = text.replace(from, () => to);
  }
  return text;
}

function makeCertificate(home: string): void {
  const files = ['-keyout', join(home, 'parley.key'), '-out', join(home, 'parley.crt')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files]);
}

/** `fetch` would need to be told whom to trust before this process began. */
export async function postWithTls({ url, certificate }: Nginx, path: string): Promise<Response> {
  const target = { host: '127.0.0.1', port: new URL(url).port, servername: 'localhost', path, ca: certificate };
  const call = request({ ...target, method: 'POST', agent: false }).end('{}');
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  const body = Readable.toWeb(answer) as ReadableStream;
  return new Response(body, { status: answer.statusCode as number, headers: answer.headers as Record<string, string> });
}

function findRunner(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (flag: string): number => Number(run('id', [flag, 'nobody']));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function run(program: string, args: string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
