import type { IceSettings } from '../domain/ice.ts';
import type { JanusSessions, JanusSettings } from '../domain/janus.ts';
import { Secret } from '../domain/secret.ts';
import { CREATES, type VendorSettings } from '../domain/vendor.ts';

/** What Parley calls by itself: a vendor, an engine. */
type RemoteSetting =
  | `PARLEY_PLATFORM_${'URL' | 'TOKEN' | 'CREATES' | 'TIMEOUT_MS' | 'SETTLE_SECONDS' | 'STUCK_MINUTES'}`
  | `PARLEY_JANUS_${'URL' | 'ADMIN_SECRET' | 'ROOM_ADMIN_KEY' | 'SESSIONS_URL' | 'API_SECRET'}`
  | 'PARLEY_ICE_SERVERS'
  | 'PARLEY_TURN_SECRET';

export const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Settings of a platform without its address are refused: whoever set them believes that they do something. */
export function readPlatform(
  get: (name: RemoteSetting) => string | undefined,
  integer: (name: RemoteSetting, fallback: number, lowest: number, highest: number) => number,
  problems: string[],
): VendorSettings | undefined {
  const [address, token, createsText] = [get('PARLEY_PLATFORM_URL'), get('PARLEY_PLATFORM_TOKEN'), get('PARLEY_PLATFORM_CREATES')];
  const timeoutMs = integer('PARLEY_PLATFORM_TIMEOUT_MS', 10_000, 200, 60_000);
  const settleMs = integer('PARLEY_PLATFORM_SETTLE_SECONDS', 60, 1, 3_600) * 1_000;
  const stuckAfterMs = integer('PARLEY_PLATFORM_STUCK_MINUTES', 15, 1, 1_440) * 60_000;
  if (address === undefined) {
    if (token !== undefined) problems.push('PARLEY_PLATFORM_TOKEN is set, and PARLEY_PLATFORM_URL is not: set both, or neither.');
    return undefined;
  }
  if (token === undefined) problems.push('PARLEY_PLATFORM_URL is set, and PARLEY_PLATFORM_TOKEN is not: set both, or neither.');
  const url = readSafeUrl(address);
  if (url === undefined) {
    problems.push('PARLEY_PLATFORM_URL must be https://<host>[/<path>], without user, query and fragment (http:// for this machine only).');
  }
  const creates = CREATES.find((known) => known === (createsText ?? 'repeatable'));
  if (creates === undefined) problems.push(`PARLEY_PLATFORM_CREATES must be one of ${CREATES.join(', ')}.`);
  if (url === undefined || token === undefined || creates === undefined) return undefined;
  return { url, token: new Secret(token), creates, timeoutMs, settleMs, stuckAfterMs };
}

export function readJanus(get: (name: RemoteSetting) => string | undefined, problems: string[]): JanusSettings | undefined {
  const address = get('PARLEY_JANUS_URL');
  const [adminSecret, roomAdminKey] = [get('PARLEY_JANUS_ADMIN_SECRET'), get('PARLEY_JANUS_ROOM_ADMIN_KEY')];
  const sessions = readSessions(get, problems);
  if (address === undefined && adminSecret === undefined && roomAdminKey === undefined) {
    if (sessions !== undefined) problems.push('PARLEY_JANUS_SESSIONS_URL is set, and PARLEY_JANUS_URL is not: set both, or neither.');
    return undefined;
  }
  if (address === undefined || adminSecret === undefined || roomAdminKey === undefined) {
    problems.push('Set PARLEY_JANUS_URL, PARLEY_JANUS_ADMIN_SECRET and PARLEY_JANUS_ROOM_ADMIN_KEY, or none of them.');
    return undefined;
  }
  const url = readSafeUrl(address);
  if (url === undefined) {
    problems.push(
      "PARLEY_JANUS_URL must be the address of Janus' Admin API, http://127.0.0.1:7088/admin, without user, query and fragment (https:// for another machine).",
    );
    return undefined;
  }
  return { url, adminSecret: new Secret(adminSecret), roomAdminKey: new Secret(roomAdminKey), sessions };
}

function readSessions(get: (name: RemoteSetting) => string | undefined, problems: string[]): JanusSessions | undefined {
  const [address, apiSecret] = [get('PARLEY_JANUS_SESSIONS_URL'), get('PARLEY_JANUS_API_SECRET')];
  if (address === undefined) {
    if (apiSecret !== undefined)
      problems.push('PARLEY_JANUS_API_SECRET is set, and PARLEY_JANUS_SESSIONS_URL is not: set both, or neither.');
    return undefined;
  }
  const url = readSafeUrl(address.replace(/^ws/, 'http'));
  if (!/^wss?:/.test(address) || url === undefined) {
    problems.push(
      "PARLEY_JANUS_SESSIONS_URL must be the address of Janus' WebSocket, ws://127.0.0.1:8188, without user, query and fragment (wss:// for another machine).",
    );
    return undefined;
  }
  return { url: new URL(address), apiSecret: apiSecret === undefined ? undefined : new Secret(apiSecret) };
}

const ICE_SERVER = /^(stuns?|turns?):[^\s?,@]+(\?transport=(udp|tcp))?$/;

export function readIce(get: (name: RemoteSetting) => string | undefined, problems: string[]): IceSettings {
  const servers = (get('PARLEY_ICE_SERVERS') ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const secret = get('PARLEY_TURN_SECRET');
  if (servers.some((text) => !ICE_SERVER.test(text)))
    problems.push(
      'PARLEY_ICE_SERVERS must be addresses such as stun:stun.example.com:3478 or turn:turn.example.com:3478?transport=udp, with commas between.',
    );
  const hasTurn = servers.some((text) => text.startsWith('turn'));
  if (hasTurn && secret === undefined)
    problems.push('PARLEY_ICE_SERVERS names a TURN server, and PARLEY_TURN_SECRET is not set: give the static-auth-secret of that server.');
  if (!hasTurn && secret !== undefined)
    problems.push('PARLEY_TURN_SECRET is set, and PARLEY_ICE_SERVERS names no TURN server: set both, or neither.');
  return { servers, turnSecret: secret === undefined ? undefined : new Secret(secret) };
}

/** Secrets travel there: in the clear on this machine only. */
function readSafeUrl(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  return isSafe && url?.search === '' && url.hash === '' && url.username === '' && url.password === '' ? url : undefined;
}
