import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './free-port.ts';
import { findCoturn } from './programs.ts';
import { until } from './until.ts';

export interface TurnServer {
  settings: Record<string, string>;
  /** What it says of itself, with a line for each allocation. */
  log(): string;
}

/** A real coturn, as docs/hub.md sets one up; it is spoken to on loopback alone. */
export async function startTurn(after: (end: () => Promise<void>) => void): Promise<TurnServer> {
  const program = findCoturn();
  const home = mkdtempSync(join(tmpdir(), 'parley-turn-'));
  const secret = randomBytes(16).toString('hex');
  const port = await findFreePort();
  const log = join(home, 'turn.log');
  writeFileSync(
    join(home, 'turnserver.conf'),
    `listening-ip=127.0.0.1
relay-ip=${relayAddress()}
listening-port=${port}
min-port=20000
max-port=39999
use-auth-secret
static-auth-secret=${secret}
realm=turn.example.com
allow-loopback-peers
cli-password=${secret}
no-cli
no-tls
no-dtls
verbose
simple-log
log-file=${log}
pidfile=${join(home, 'pid')}
userdb=${join(home, 'turn.sqlite')}
`,
  );
  const running = spawn(program, ['-c', join(home, 'turnserver.conf')], { cwd: home, stdio: 'ignore' });
  after(async () => {
    const gone = once(running, 'exit');
    if (running.exitCode === null && running.signalCode === null) {
      running.kill('SIGKILL');
      await gone;
    }
    rmSync(home, { recursive: true, force: true });
  });
  await until('coturn answers', () => answersBinding(port));
  return {
    settings: { PARLEY_ICE_SERVERS: `turn:127.0.0.1:${port}?transport=udp`, PARLEY_TURN_SECRET: secret },
    log: () => readFileSync(log, 'utf8'),
  };
}

/** Where Janus' candidates are: between a loopback address and another one no browser finds a way. */
function relayAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** A STUN binding request (RFC 8489). */
async function answersBinding(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  const request = Buffer.concat([Buffer.from('000100002112a442', 'hex'), randomBytes(12)]);
  const answered = once(socket, 'message', { signal: AbortSignal.timeout(500) }).then(
    () => true,
    () => false,
  );
  socket.on('error', () => {});
  socket.send(request, port, '127.0.0.1');
  const isAnswered = await answered;
  socket.close();
  return isAnswered;
}
