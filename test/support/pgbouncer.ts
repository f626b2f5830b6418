import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { queryPostgres } from './database.ts';
import { findFreePort } from './free-port.ts';
import { findPgBouncer } from './programs.ts';
import { until } from './until.ts';

/** A PgBouncer in transaction mode before the server of the given address, as strict as it comes; the same database by way of it. */
export async function startPgBouncer(t: TestContext, databaseUrl: string): Promise<string> {
  const url = new URL(databaseUrl);
  const home = mkdtempSync(join(tmpdir(), 'parley-pgbouncer-'));
  const port = await findFreePort();
  const users = join(home, 'users.txt');
  writeFileSync(users, `"${url.username}" "${url.password}"\n`);
  writeFileSync(
    join(home, 'pgbouncer.ini'),
    `[databases]
* = host=127.0.0.1 port=${url.port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
max_client_conn = 200
default_pool_size = 4
`,
  );
  // It does not run as root; nobody owns what is its own here.
  const isRoot = process.getuid?.() === 0;
  chmodSync(home, 0o755);
  const bouncer = spawn(findPgBouncer(), [...(isRoot ? ['-u', 'nobody'] : []), join(home, 'pgbouncer.ini')], { stdio: 'ignore' });
  const ended = once(bouncer, 'exit');
  t.after(async () => {
    bouncer.kill('SIGKILL');
    await ended;
    rmSync(home, { recursive: true, force: true });
  });
  url.port = `${port}`;
  await until('PgBouncer answers', () =>
    queryPostgres(url.href, 'select 1').then(
      () => true,
      () => false,
    ),
  );
  return url.href;
}
