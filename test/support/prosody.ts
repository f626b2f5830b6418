import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findFreePort } from './free-port.ts';
import { findProsody } from './programs.ts';
import { makeDataDir } from './server.ts';
import { until } from './until.ts';

const MODULES = fileURLToPath(new URL('../fixtures/prosody', import.meta.url));
const GUIDE = fileURLToPath(new URL('../../docs/bridges/jitsi.md', import.meta.url));
const WITH_US = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL'] : [];
export const DOMAIN = 'meet.example.com';

export interface ProsodyOptions {
  /** Where Parley is, for this bridge. */
  api: string;
  token: string;
  /** Seconds, as Prosody's options are. */
  retryDelay?: number;
  timeout?: number;
  /** Where the guide once put the plugin. */
  isInMuc?: boolean;
  /** Whether it answers for its host under whatever name it is called, as the guide says. */
  isDefaultHost?: boolean;
}

export interface Prosody {
  /** What somebody is told who asks for this room from a page: `ready`, or the code of the refusal. */
  open(room: string): Promise<string>;
  /** Somebody is in this room, until the room is destroyed. */
  join(room: string): Promise<{ out: Promise<string> }>;
  /** Where it takes HTTP. */
  url: string;
  logged(): string;
}

/** Debian's Prosody, with the lines of our guide and a plugin of the tests in the place of Jitsi's. */
export async function startProsody(t: TestContext, options: ProsodyOptions): Promise<Prosody> {
  const program = findProsody();
  const home = makeDataDir();
  const [port, httpPort] = [await findFreePort(), await findFreePort()];
  const log = join(home, 'prosody.log');
  writeFileSync(join(home, 'prosody.cfg.lua'), configure({ home, port, httpPort, log, ...options }));
  const [command, ...args] = [...WITH_US, program, '--config', join(home, 'prosody.cfg.lua'), '-F'] as const;
  const child = spawn(command, args, { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  const logged = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  for (const each of [port, httpPort]) await until('Prosody listens', () => canConnect(each));
  return { open: (room) => askForRoom(port, room), join: (room) => joinRoom(t, port, room), url: `http://127.0.0.1:${httpPort}`, logged };
}

/** What the guide has in Lua, as it has it. */
function guided(begin: string): string {
  const lua = [...readFileSync(GUIDE, 'utf8').matchAll(/```lua\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  const found = lua.find((text) => text.startsWith(begin));
  if (found === undefined) throw new Error(`the guide has no ${begin}`);
  return found;
}

/** The VirtualHost as the guide has it: what it says is what is tried. */
function guidedHost({ api, token }: ProsodyOptions): string {
  return guided(`VirtualHost "${DOMAIN}"`).replace('https://parley.example.com/admission/jitsi', api).replace('parley_bridge_...', token);
}

/** What ends rooms, as the guide has it. */
function guidedGlobals({ api, isDefaultHost = true }: ProsodyOptions): string {
  const globals = guided('modules_enabled')
    .replace('--[[ those that are there, and ]]', '"saslauth",')
    .replace('https://parley.example.com/admission/jitsi', api);
  return isDefaultHost ? globals : globals.replace(/^http_default_host.*$/m, '');
}

function configure(options: ProsodyOptions & { home: string; port: number; httpPort: number; log: string }): string {
  const { home, port, httpPort, log, api, token, retryDelay = 3, timeout = 20, isInMuc = false } = options;
  const inMuc = `
    modules_enabled = { "reservations" }
    reservations_api_prefix = "${api}"
    reservations_api_headers = { ["Authorization"] = "Bearer ${token}" }`;
  return `
run_as_root = true
data_path = "${home}"
pidfile = "${home}/prosody.pid"
log = { { levels = { min = "info" }, to = "file", filename = "${log}" } }
plugin_paths = { "${MODULES}" }
${guidedGlobals(options)}
modules_disabled = { "s2s", "offline" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
http_ports = { ${httpPort} }
http_interfaces = { "127.0.0.1" }
https_ports = {}
legacy_ssl_ports = {}
app_id = "parley"
c2s_require_encryption = false
authentication = "anonymous"
reservations_api_retry_delay = ${retryDelay}
reservations_api_timeout = ${timeout}
${isInMuc ? `VirtualHost "${DOMAIN}"` : guidedHost(options)}
Component "conference.${DOMAIN}" "muc"${isInMuc ? inMuc : ''}
Component "focus.${DOMAIN}" "focus"
`;
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).then((isThere) => {
    socket.destroy();
    return isThere as boolean;
  });
}

const STREAM = `<stream:stream to='${DOMAIN}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;

type Talk = (text: string, until: RegExp) => Promise<string>;

/** As much of XMPP as a page sends before it joins: https://www.rfc-editor.org/rfc/rfc6120. */
async function signOn(socket: Socket): Promise<Talk> {
  const talk = conversation(socket);
  await talk(STREAM, /<\/stream:features>/);
  await talk("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>", /<success/);
  await talk(STREAM, /<\/stream:features>/);
  await talk("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", /id='bind'[\s\S]*<\/iq>/);
  return talk;
}

async function askForRoom(port: number, room: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  try {
    const talk = await signOn(socket);
    const wanted = `<conference xmlns='http://jitsi.org/protocol/focus' room='${room}@conference.${DOMAIN}' machine-uid='test'/>`;
    const answer = await talk(`<iq type='set' id='room' to='focus.${DOMAIN}'>${wanted}</iq>`, /<iq[^>]*id='room'[\s\S]*<\/iq>/);
    if (/ready='true'/.test(answer)) return 'ready';
    return /error-code='(\d+)'/.exec(answer)?.[1] ?? answer;
  } finally {
    socket.destroy();
  }
}

/** https://xmpp.org/extensions/xep-0045.html. */
async function joinRoom(t: TestContext, port: number, room: string): Promise<{ out: Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  const talk = await signOn(socket);
  const to = `${room}@conference.${DOMAIN}/ann`;
  await talk(`<presence to='${to}'><x xmlns='http://jabber.org/protocol/muc'/></presence>`, /code='110'/);
  const out = talk('', /<destroy/);
  // Who waits for it is told; nobody else is.
  out.catch(() => {});
  return { out };
}

function conversation(socket: Socket): Talk {
  let received = '';
  let wake = (): void => {};
  let failure: Error | undefined;
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
    wake();
  });
  const fail = (error: Error): void => {
    failure = error;
    wake();
  };
  socket.on('error', fail).on('close', () => fail(new Error(`Prosody closed the connection after ${received}`)));
  return async (text, wanted) => {
    socket.write(text);
    while (!wanted.test(received)) {
      if (failure !== undefined) throw failure;
      await new Promise<void>((resolve) => (wake = resolve));
    }
    const answer = received;
    received = '';
    return answer;
  };
}
