import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { jwtVerify } from 'jose';
import type { EngineAnswer, EngineAsks } from '../engines.ts';

const API_KEY = 'APIparley';
export const API_SECRET = 'a-secret-of-livekit-for-tests-only-32-bytes';

interface TwirpCall {
  method: string;
  body: any;
}

const calls: TwirpCall[] = [];
/** Whom the engine believes to be in a room. */
export const participants = new Map<string, { identity: string; attributes: Record<string, string> }[]>();

/** Twirp, as LiveKit's RoomService: only for a token that may do it, and 404 for a room that is not there. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = JSON.parse(await text(request));
  const method = (request.url ?? '').replace('/twirp/livekit.RoomService/', '');
  const [, token = ''] = (request.headers.authorization ?? '').split(' ');
  const { video } = await readToken(token);
  response.setHeader('content-type', 'application/json');
  const name: string = body.name ?? body.room;
  const isAllowed = method === 'ListParticipants' ? video.roomAdmin && video.room === name : video.roomCreate;
  if (!isAllowed) return void response.writeHead(403).end('{"code":"permission_denied","msg":"permission denied"}');
  calls.push({ method, body });
  const inRoom = participants.get(name);
  if (method === 'CreateRoom') participants.set(name, inRoom ?? []);
  else if (inRoom === undefined) return void response.writeHead(404).end('{"code":"not_found","msg":"requested room does not exist"}');
  if (method === 'DeleteRoom') participants.delete(name);
  response.end(JSON.stringify(method === 'ListParticipants' ? { participants: inRoom } : method === 'CreateRoom' ? { name } : {}));
}

const engine = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(401).end('{"code":"unauthenticated","msg":"invalid token"}'));
});
engine.listen(0, '127.0.0.1').unref();
await once(engine, 'listening');
const ENGINE_URL = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`;

export const LIVEKIT = { settings: { url: ENGINE_URL, apiKey: API_KEY }, secrets: { apiSecret: API_SECRET } };
export const SOCKET_URL = ENGINE_URL.replace('http', 'ws');

export async function readToken(token: string): Promise<any> {
  const { payload } = await jwtVerify(token, new TextEncoder().encode(API_SECRET), { issuer: API_KEY, algorithms: ['HS256'] });
  return payload;
}

export function callsFor(room: string): TwirpCall[] {
  return calls.filter(({ body }) => [body.name, body.room].includes(room));
}

export const livekitAsks: EngineAsks = ({ url }, token, { digits = '', callId }) =>
  askToken(url, token, { code: digits, call: callId, name: 'Alice' });

export async function askToken(url: string, token: string, form: Record<string, string>): Promise<EngineAnswer> {
  const answered = await fetch(`${url}/admission/livekit/token`, {
    method: 'POST',
    headers: { 'X-AUTH-TOKEN': token },
    body: new URLSearchParams(form),
  });
  return { status: answered.status, text: await answered.text(), headers: answered.headers };
}
