import { once } from 'node:events';
import { createServer as createHttp, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createServer as createTls } from 'node:tls';
import { SELF_SIGNED } from '../self-signed.ts';

/** An engine that has conferences, and can be told to end them. */
export interface EndingEngine {
  /** Host and port. */
  at: string;
  /** Those that go on. */
  running: Set<string>;
  /** Those that it was told to end, in order. */
  ended: string[];
  /** Channels that are up, where the engine has any. */
  channels: Set<string>;
  /** While it is, it does nothing for anybody. */
  isAway: boolean;
}

interface Parts {
  engine: EndingEngine;
  end: (conference: string) => boolean;
}

function beginEngine(): Parts {
  const engine: EndingEngine = { at: '', running: new Set(), channels: new Set(), ended: [], isAway: false };
  const end = (conference: string): boolean => {
    engine.ended.push(conference);
    return engine.running.delete(conference);
  };
  return { engine, end };
}

/** A network that delivers a few bytes at a time. */
async function writeInPieces(socket: Socket, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += 7) {
    if (!socket.writable) return;
    socket.write(bytes.subarray(from, from + 7));
    await nextTurn();
  }
}

async function listenTcp(t: TestContext, engine: EndingEngine, serve: (socket: Socket) => void, isTls = false): Promise<void> {
  const sockets = new Set<Socket>();
  const take = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    if (engine.isAway) socket.destroy();
    else serve(socket);
  };
  const server = isTls ? createTls({ ...SELF_SIGNED, noDelay: true }, take) : createTcp({ noDelay: true }, take);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  engine.at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
}

/** Each block of lines that a blank line ends. */
function onBlocks(socket: Socket, take: (lines: string[]) => void): void {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
    const blocks = text.split(/\r?\n\r?\n/);
    text = blocks.pop() as string;
    for (const block of blocks) take(block.split(/\r?\n/));
  });
}

const fieldsOf = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(lines.map((line) => [line.split(': ', 1)[0] as string, line.slice(line.indexOf(': ') + 2)]));

interface ManagerAnswer {
  response: 'Success' | 'Error';
  message: string;
}

/** What an Asterisk says of a channel that nobody in the conference has: before it knew "all", of that too. */
const NO_CHANNEL = 'No Channel by that name found in Conference.';

interface ManagerOptions {
  knowsAll?: boolean;
  isTls?: boolean;
}

function manage(
  { engine, end, knowsAll = true }: Parts & ManagerOptions,
  isSignedIn: boolean,
  fields: Record<string, string>,
): ManagerAnswer {
  const { action, username, secret, conference = '', channel } = fields;
  if (action === 'login') {
    const isRight = username === 'parley' && secret === 'ami-secret';
    return isRight ? { response: 'Success', message: 'Authentication accepted' } : { response: 'Error', message: 'Authentication failed' };
  }
  if (!isSignedIn) return { response: 'Error', message: 'Permission denied' };
  if (action === 'logoff') return { response: 'Success', message: 'Thanks for all the fish.' };
  if (action !== 'confbridgekick' || channel !== 'all') return { response: 'Error', message: 'Invalid/unknown command' };
  if (engine.running.size === 0) return { response: 'Error', message: 'No active conferences.' };
  if (!knowsAll && engine.running.has(conference)) return { response: 'Error', message: NO_CHANNEL };
  if (!end(conference)) return { response: 'Error', message: 'No Conference by that name found.' };
  return { response: 'Success', message: 'User kicked' };
}

/** Asterisk's manager interface over TCP: a greeting, events between, answers with the id of their action. */
export async function startManager(t: TestContext, { isTls = false, knowsAll = true }: ManagerOptions = {}): Promise<EndingEngine> {
  const parts = { ...beginEngine(), knowsAll };
  const serve = (socket: Socket): void => {
    let isSignedIn = false;
    let writing = writeInPieces(socket, 'Asterisk Call Manager/9.0.0\r\n');
    onBlocks(socket, (lines) => {
      const fields = Object.fromEntries(Object.entries(fieldsOf(lines)).map(([name, value]) => [name.toLowerCase(), value]));
      const answer = manage(parts, isSignedIn, { ...fields, action: fields.action?.toLowerCase() ?? '' });
      isSignedIn ||= fields.action === 'Login' && answer.response === 'Success';
      const event = 'Event: FullyBooted\r\nPrivilege: system,all\r\nStatus: Fully Booted\r\n\r\n';
      const another = 'Response: Success\r\nActionID: somebody-elses\r\nMessage: not for you\r\n\r\n';
      const own = `Response: ${answer.response}\r\nActionID: ${fields.actionid}\r\nMessage: ${answer.message}\r\n\r\n`;
      writing = writing.then(() => writeInPieces(socket, event + another + own));
    });
  };
  await listenTcp(t, parts.engine, serve, isTls);
  return parts.engine;
}

type Handle = (request: IncomingMessage, body: string, response: ServerResponse) => void;

async function listenHttp(t: TestContext, engine: EndingEngine, handle: Handle): Promise<void> {
  const server: HttpServer = createHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (engine.isAway) response.writeHead(503).end();
      else handle(request, Buffer.concat(chunks).toString('utf8'), response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  engine.at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** The same over HTTP: whose session it is, a cookie says. */
export async function startManagerHttp(t: TestContext): Promise<EndingEngine> {
  const parts = beginEngine();
  const sessions = new Set<string>();
  await listenHttp(t, parts.engine, (request, body, response) => {
    const cookie = /mansession_id="?(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const fields = Object.fromEntries(new URLSearchParams(body));
    const answer = manage(parts, sessions.has(cookie), { ...fields, action: fields.action?.toLowerCase() ?? '' });
    if (fields.action === 'Login' && answer.response === 'Success') {
      sessions.add('3f2a');
      response.setHeader('set-cookie', 'mansession_id="3f2a"; Version=1; Max-Age=60');
    }
    response.end(`Response: ${answer.response}\r\nMessage: ${answer.message}\r\n\r\n`);
  });
  return parts.engine;
}

/** FreeSWITCH's event socket. Far away, the first answer is not there before `asksAtOnce` questions about channels have come. */
export async function startEventSocket(t: TestContext, { asksAtOnce = 1 } = {}): Promise<EndingEngine> {
  const { engine, end } = beginEngine();
  await listenTcp(t, engine, (socket) => {
    let writing = writeInPieces(socket, 'Content-Type: auth/request\n\n');
    const say = (text: string): void => void (writing = writing.then(() => writeInPieces(socket, text)));
    const answer = (body: string): void => say(`Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`);
    let isSignedIn = false;
    const held: string[] = [];
    onBlocks(socket, ([line = '']) => {
      if (line.startsWith('auth ')) {
        isSignedIn = line === 'auth ClueCon-1';
        say(`Content-Type: command/reply\nReply-Text: ${isSignedIn ? '+OK accepted' : '-ERR invalid'}\n\n`);
        return;
      }
      if (!isSignedIn) return say('Content-Type: command/reply\nReply-Text: -ERR command not found\n\n');
      const conference = /^api conference (\S+) hup all$/.exec(line)?.[1];
      if (conference !== undefined) return answer(end(conference) ? '+OK hup 1\n+OK hup 2\n' : `-ERR Conference ${conference} not found\n`);
      const channel = /^api uuid_exists (\S+)$/.exec(line)?.[1];
      if (channel !== undefined) {
        held.push(String(engine.channels.has(channel)));
        if (held.length >= asksAtOnce) for (const one of held.splice(0)) answer(one);
        return;
      }
      answer(line === 'api status' ? 'UP 0 years, 0 days\n' : '-ERR command not found\n');
    });
  });
  return engine;
}

export interface TwilioApiOptions {
  /** Of the paths: Telnyx has none. */
  ending?: string;
  /** What a conference is in which nobody speaks as yet: whose second participant, or moderator, is not there. */
  status?: 'init' | 'in-progress';
}

/** Twilio's REST API for conferences, a page at a time. Each name is two conferences', as in two regions. */
export async function startTwilioApi(t: TestContext, authorization: string, options: TwilioApiOptions = {}): Promise<EndingEngine> {
  const { ending = '.json', status = 'in-progress' } = options;
  const { engine, end } = beginEngine();
  const completed = new Set<string>();
  const sidsOf = (name: string): string[] => [`CF1-${name}`, `CF2-${name}`].filter((sid) => !completed.has(sid));
  const root = '/2010-04-01/Accounts/AC1/Conferences';
  const complete = (sid: string): void => {
    completed.add(sid);
    const name = sid.slice('CF1-'.length);
    if (sidsOf(name).length === 0) end(name);
  };
  await listenHttp(t, engine, (request, body, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.headers.authorization !== authorization) return response.writeHead(401).end('{"code":20003}');
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://api');
    if (!pathname.startsWith(root) || !pathname.endsWith(ending)) return response.writeHead(404).end('{}');
    const sid = pathname.slice(root.length + 1, pathname.length - ending.length);
    if (request.method === 'POST') {
      if (new URLSearchParams(body).get('Status') !== 'completed') return response.writeHead(400).end('{}');
      complete(sid);
      return response.end(JSON.stringify({ sid, status: 'completed' }));
    }
    const wanted = searchParams.get('Status');
    if (pathname !== `${root}${ending}` || (wanted !== 'init' && wanted !== 'in-progress')) return response.writeHead(404).end('{}');
    const name = searchParams.get('FriendlyName') ?? '';
    const page = Number(searchParams.get('Page') ?? 0);
    const next = `${pathname}?${new URLSearchParams({ ...Object.fromEntries(searchParams), Page: String(page + 1) })}`;
    const found = engine.running.has(name) && wanted === status ? sidsOf(name) : [];
    const conferences = found.slice(page, page + 1).map((one) => ({ sid: one, friendly_name: name, status }));
    response.end(JSON.stringify({ conferences, next_page_uri: page + 1 < found.length ? next : null }));
  });
  return engine;
}

/** Pexip's management API. */
export async function startPexipManager(t: TestContext): Promise<EndingEngine> {
  const { engine, end } = beginEngine();
  const right = `Basic ${Buffer.from('parley:pexip-password').toString('base64')}`;
  await listenHttp(t, engine, (request, body, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.headers.authorization !== right) return response.writeHead(401).end();
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://manager');
    if (request.method === 'POST' && pathname === '/api/admin/command/v1/conference/disconnect/') {
      const isThere = end((JSON.parse(body) as { conference_id: string }).conference_id.replace(/^id-of-/, ''));
      return response.end(JSON.stringify(isThere ? { status: 'success' } : { status: 'failed', error: 'Failed to find conference' }));
    }
    if (pathname !== '/api/admin/status/v1/conference/') return response.writeHead(404).end();
    const name = searchParams.get('name') ?? '';
    const objects = engine.running.has(name) ? [{ id: `id-of-${name}`, name, is_locked: false }] : [];
    response.end(JSON.stringify({ meta: { limit: 20, total_count: objects.length }, objects }));
  });
  return engine;
}

/** Prosody with `mod_muc_end_meeting`: it takes a token by the key that it finds under the SHA-256 of the key's id. */
export async function startEndMeeting(t: TestContext, isTaken: (token: string) => Promise<boolean>): Promise<EndingEngine> {
  const { engine, end } = beginEngine();
  await listenHttp(t, engine, (request, _body, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://prosody');
    const [room = '', domain] = (searchParams.get('conference') ?? '').split('@');
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (request.method !== 'POST' || pathname !== '/end-meeting') return response.writeHead(404).end();
    if (domain !== 'conference.meet.example.com') return response.writeHead(400).end();
    if (token === undefined) return response.writeHead(401).end();
    void isTaken(token).then((isRight) => response.writeHead(isRight ? (end(room) ? 200 : 404) : 401).end());
  });
  return engine;
}
