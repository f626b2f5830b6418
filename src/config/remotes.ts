import type { JanusSettings } from '../domain/janus.ts';
import { Secret } from '../domain/secret.ts';
import { CREATES, type VendorSettings } from '../domain/vendor.ts';

/** What Parley calls by itself: a vendor, an engine. */
type RemoteSetting =
  | `PARLEY_PLATFORM_${'URL' | 'TOKEN' | 'CREATES' | 'TIMEOUT_MS' | 'SETTLE_SECONDS' | 'STUCK_MINUTES'}`
  | `PARLEY_JANUS_${'URL' | 'ADMIN_SECRET' | 'ROOM_ADMIN_KEY'}`;

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
  if (address === undefined && adminSecret === undefined && roomAdminKey === undefined) return undefined;
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
  return { url, adminSecret: new Secret(adminSecret), roomAdminKey: new Secret(roomAdminKey) };
}

/** Secrets travel there: in the clear on this machine only. */
function readSafeUrl(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  return isSafe && url?.search === '' && url.hash === '' && url.username === '' && url.password === '' ? url : undefined;
}
