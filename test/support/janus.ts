import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './free-port.ts';
import { findJanus } from './programs.ts';
import { until } from './until.ts';

export const ADMIN_SECRET = 'an-admin-secret-for-tests';
export const ROOM_ADMIN_KEY = 'a-room-key-for-tests';
export const API_SECRET = 'an-api-secret-for-tests';
const AUDIO = 'janus.plugin.audiobridge';
const WITH_US = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL'] : [];
const RTP_PORTS = 40;
/** Where Debian has them: by the machine's architecture. */
const ROOTS = ['/usr/lib/x86_64-linux-gnu/janus', '/usr/lib/aarch64-linux-gnu/janus', '/usr/lib/janus'];

/** A real Janus of our own: its configuration, ports and death in our hands. */
export interface TestJanus {
  url: string;
  adminUrl: string;
  settings: Record<string, string>;
  /** And what browsers need. */
  browserSettings: Record<string, string>;
  /** What the operator of the engine may ask a plugin, past every connector. */
  ask(request: object, plugin?: string): Promise<any>;
  hasRoom(room: number, plugin?: string): Promise<boolean>;
  configOf(plugin: string): string;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** After a kill; comes back when it answers. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startJanus(): Promise<TestJanus> {
  const program = findJanus();
  const home = mkdtempSync(join(tmpdir(), 'parley-janus-'));
  const [port, adminPort, socketPort] = [await findFreePort(), await findFreePort(), await findFreePort()];
  writeConfiguration(home, { port, adminPort, socketPort });
  const [command, ...args] = [...WITH_US, program, '-F', home, '--disable-colors'] as const;
  let engine: ChildProcess | undefined;
  const killNow = (): void => void engine?.kill('SIGKILL');
  process.once('exit', () => {
    killNow();
    rmSync(home, { recursive: true, force: true });
  });

  const janus: TestJanus = {
    url: `http://127.0.0.1:${port}/janus`,
    adminUrl: `http://127.0.0.1:${adminPort}/admin`,
    settings: {
      PARLEY_JANUS_URL: `http://127.0.0.1:${adminPort}/admin`,
      PARLEY_JANUS_ADMIN_SECRET: ADMIN_SECRET,
      PARLEY_JANUS_ROOM_ADMIN_KEY: ROOM_ADMIN_KEY,
    },
    browserSettings: {
      PARLEY_JANUS_URL: `http://127.0.0.1:${adminPort}/admin`,
      PARLEY_JANUS_ADMIN_SECRET: ADMIN_SECRET,
      PARLEY_JANUS_ROOM_ADMIN_KEY: ROOM_ADMIN_KEY,
      PARLEY_JANUS_SESSIONS_URL: `ws://127.0.0.1:${socketPort}`,
      PARLEY_JANUS_API_SECRET: API_SECRET,
    },
    async ask(request, plugin = AUDIO) {
      const body = { janus: 'message_plugin', transaction: 't', admin_secret: ADMIN_SECRET, plugin, request };
      const answer: any = await (await fetch(janus.adminUrl, { method: 'POST', body: JSON.stringify(body) })).json();
      return answer.response ?? answer;
    },
    hasRoom: async (room, plugin) => (await janus.ask({ request: 'exists', room }, plugin)).exists === true,
    configOf: (plugin) => readFileSync(join(home, `${plugin}.jcfg`), 'utf8'),
    async kill() {
      const dying = engine as ChildProcess;
      const gone = once(dying, 'exit');
      killNow();
      await gone;
    },
    async start() {
      const log = openSync(join(home, 'log'), 'a');
      const starting = spawn(command, [...args], { cwd: home, stdio: ['ignore', log, log] });
      engine = starting;
      await until(
        'Janus answers',
        async () => {
          if (starting.exitCode !== null) throw new Error(`Janus ended: ${readFileSync(join(home, 'log'), 'utf8').slice(-2_000)}`);
          return janus.ask({ request: 'list' }).then(
            (answer) => answer.audiobridge === 'success',
            () => false,
          );
        },
        { withinMs: 60_000 },
      );
    },
    async remove() {
      if (engine !== undefined && engine.exitCode === null && engine.signalCode === null) await janus.kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
  await janus.start();
  return janus;
}

function writeConfiguration(home: string, { port, adminPort, socketPort }: { port: number; adminPort: number; socketPort: number }): void {
  const root = ROOTS.find((folder) => existsSync(folder)) ?? ROOTS[0];
  const write = (name: string, text: string): void => writeFileSync(join(home, `${name}.jcfg`), text);
  write(
    'janus',
    `general: { configs_folder = "${home}" plugins_folder = "${root}/plugins" transports_folder = "${root}/transports"
  events_folder = "${home}" loggers_folder = "${home}" admin_secret = "${ADMIN_SECRET}" api_secret = "${API_SECRET}" debug_level = 4 }
certificates: { }
media: { }
nat: { nice_debug = false ice_ignore_list = "vmnet" }
plugins: { disable = "libjanus_duktape.so,libjanus_lua.so,libjanus_sip.so,libjanus_nosip.so,libjanus_streaming.so,libjanus_recordplay.so,libjanus_voicemail.so,libjanus_textroom.so,libjanus_videocall.so,libjanus_echotest.so" }
transports: { disable = "libjanus_pfunix.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_rabbitmq.so" }
`,
  );
  write(
    'janus.transport.http',
    `general: { json = "compact" base_path = "/janus" http = true port = ${port} ip = "127.0.0.1" https = false }
admin: { admin_base_path = "/admin" admin_http = true admin_port = ${adminPort} admin_ip = "127.0.0.1" admin_https = false }
`,
  );
  write(
    'janus.transport.websockets',
    `general: { json = "compact" ws = true ws_port = ${socketPort} ws_ip = "127.0.0.1" wss = false }\nadmin: { admin_ws = false }\n`,
  );
  const firstRtp = randomInt(20_000, 50_000) & ~1;
  write(
    AUDIO,
    `general: { admin_key = "${ROOM_ADMIN_KEY}" rtp_port_range = "${firstRtp}-${firstRtp + RTP_PORTS}" local_ip = "127.0.0.1" }\n`,
  );
  write('janus.plugin.videoroom', `general: { admin_key = "${ROOM_ADMIN_KEY}" }\n`);
}
