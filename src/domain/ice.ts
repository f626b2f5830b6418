import { createHmac } from 'node:crypto';
import type { Secret } from './secret.ts';

export interface IceSettings {
  /** `stun:`, `turn:` and `turns:` addresses. */
  servers: readonly string[];
  /** What the TURN server and we both know (`static-auth-secret` of coturn). */
  turnSecret: Secret | undefined;
}

/** As `RTCConfiguration.iceServers` has it. */
export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

/** As long as a conference may be. */
const TURN_SECONDS = 24 * 3600;

/** TURN credentials that end by themselves, one for each who asks (draft-uberti-behave-turn-rest-00). */
export function iceServersFor({ servers, turnSecret }: IceSettings, { id, now }: { id: string; now: number }): IceServer[] {
  const stun = servers.filter((address) => address.startsWith('stun'));
  const turn = servers.filter((address) => address.startsWith('turn'));
  const username = `${Math.floor(now / 1000) + TURN_SECONDS}:${id}`;
  return [
    ...(stun.length > 0 ? [{ urls: stun }] : []),
    ...(turn.length > 0 && turnSecret !== undefined
      ? [{ urls: turn, username, credential: createHmac('sha1', turnSecret.reveal()).update(username).digest('base64') }]
      : []),
  ];
}
