import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { jwtVerify, SignJWT } from 'jose';
import type { EngineAnswer, EngineAsks } from '../engines.ts';
import type { TestServer } from '../server.ts';

const API_KEY = 'APIparley';
export const API_SECRET = 'a-secret-of-livekit-for-tests-only-32-bytes';

interface TwirpCall {
  method: string;
  body: any;
}

const calls: TwirpCall[] = [];
/** Whom the engine believes to be in a room. */
export const participants = new Map<string, { identity: string; attributes: Record<string, string> }[]>();

export interface SipRule {
  sip_dispatch_rule_id: string;
  name: string;
  rule: { dispatch_rule_direct: { room_name: string; pin: string } };
  trunk_ids: string[];
  hide_phone_number: boolean;
  attributes: Record<string, string>;
  room_config?: { max_participants: number };
}

/** What the SIP service has been told. */
export const rules = new Map<string, SipRule>();
/** How the SIP service behaves meanwhile: it answers 503, or does what it is told and the answer is lost. And what time it is there. */
export const sip: { fault: 'none' | 'away' | 'loses answers'; knowsPages: boolean; now: () => number } = {
  fault: 'none',
  knowsPages: true,
  now: Date.now,
};
let lastRule = 0;

/** As LiveKit's SIP service matches a call (livekit/protocol, sip/sip.go): the rules of its trunk, by the code. What it opens, if anything. */
export function dial(trunkId: string, code: string): { room: string; role: string | undefined } | 'refused' {
  const opens = ({ rule, trunk_ids }: SipRule): boolean => rule.dispatch_rule_direct.pin === code && trunk_ids.includes(trunkId);
  const found = [...rules.values()].find(opens);
  if (found === undefined) return 'refused';
  return { room: found.rule.dispatch_rule_direct.room_name, role: found.attributes.role };
}

/** One that somebody else has made. */
export function putRule(rule: Omit<SipRule, 'sip_dispatch_rule_id'>): string {
  const id = `SDR_${String(++lastRule).padStart(6, '0')}`;
  rules.set(id, { ...rule, sip_dispatch_rule_id: id });
  return id;
}

function answerSip(method: string, body: any): [number, unknown] {
  switch (method) {
    case 'CreateSIPDispatchRule': {
      const { rule, trunkIds, name, attributes, hidePhoneNumber, roomConfig } = body.dispatchRule;
      const { roomName, pin } = rule.dispatchRuleDirect;
      const isTaken = trunkIds.some((trunkId: string) => dial(trunkId, pin) !== 'refused');
      if (isTaken) return [400, { code: 'invalid_argument', msg: 'Conflicting SIP Dispatch Rules: same Trunk+Number+PIN combination' }];
      const id = putRule({
        name,
        rule: { dispatch_rule_direct: { room_name: roomName, pin } },
        trunk_ids: trunkIds,
        hide_phone_number: hidePhoneNumber,
        attributes,
        ...(roomConfig === undefined ? {} : { room_config: { max_participants: roomConfig.maxParticipants } }),
      });
      return [200, rules.get(id)];
    }
    case 'ListSIPDispatchRule': {
      const { after_id: afterId, limit } = body.page;
      const all = [...rules.values()].toSorted((a, b) => (a.sip_dispatch_rule_id < b.sip_dispatch_rule_id ? -1 : 1));
      return [200, { items: sip.knowsPages ? all.filter((one) => one.sip_dispatch_rule_id > afterId).slice(0, limit) : all }];
    }
    case 'DeleteSIPDispatchRule': {
      const rule = rules.get(body.sipDispatchRuleId);
      rules.delete(body.sipDispatchRuleId);
      return rule === undefined ? [404, { code: 'not_found', msg: 'requested sip dispatch rule does not exist' }] : [200, rule];
    }
    default:
      return [404, { code: 'bad_route', msg: 'no handler for path' }];
  }
}

/** Twirp, as LiveKit's RoomService and its SIP service: only for a token that may do it, and 404 for a room that is not there. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = JSON.parse(await text(request));
  const [, service, method = ''] = /^\/twirp\/livekit\.(\w+)\/(\w+)$/.exec(request.url ?? '') ?? [];
  const [, token = ''] = (request.headers.authorization ?? '').split(' ');
  const { video, sip: grant } = await readToken(token);
  response.setHeader('content-type', 'application/json');
  if (service === 'SIP') {
    if (sip.fault === 'away') return void response.writeHead(503).end('{"code":"unavailable","msg":"sip not connected (redis required)"}');
    if (grant?.admin !== true) return void response.writeHead(403).end('{"code":"permission_denied","msg":"permission denied"}');
    const [status, told] = answerSip(method, body);
    if (sip.fault === 'loses answers') return void request.socket.destroy();
    return void response.writeHead(status).end(JSON.stringify(told));
  }
  if (method === 'ListRooms') {
    if (video.roomList !== true) return void response.writeHead(403).end('{"code":"permission_denied","msg":"permission denied"}');
    return void response.end(
      JSON.stringify({ rooms: body.names.filter((one: string) => participants.has(one)).map((one: string) => ({ name: one })) }),
    );
  }
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
  const terms = { issuer: API_KEY, algorithms: ['HS256'], currentDate: new Date(sip.now()) };
  const { payload } = await jwtVerify(token, new TextEncoder().encode(API_SECRET), terms);
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

/** A webhook, signed as LiveKit signs it. */
export async function tellLiveKit(
  server: TestServer,
  bridge: string,
  event: object,
  { secret = API_SECRET, sent = event, now = server.now() } = {},
) {
  const signed = new SignJWT({ sha256: hash('sha256', JSON.stringify(event), 'base64') })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(LIVEKIT.settings.apiKey)
    .setExpirationTime(Math.floor(now / 1000) + 300);
  const headers = { 'content-type': 'application/webhook+json', authorization: await signed.sign(new TextEncoder().encode(secret)) };
  return fetch(`${server.url}/admission/livekit/k/${bridge}/webhook`, { method: 'POST', headers, body: JSON.stringify(sent) });
}
