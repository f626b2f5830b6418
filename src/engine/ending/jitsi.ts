import { createPrivateKey } from 'node:crypto';
import type { Bridge } from '../../domain/bridge.ts';
import { engineUnavailable } from '../../domain/errors.ts';
import { keyIdOf } from '../jitsi-key.ts';
import type { ConferenceEnder, EnderTools } from './ender.ts';

const CALL_SECONDS = 60;

/** Prosody's `mod_muc_end_meeting`, which comes with Jitsi Meet. */
export const jitsiEnder: ConferenceEnder = {
  canEnd: ({ settings, secrets }) => settings.prosodyUrl !== undefined && secrets.endKey !== undefined,

  async end(tools, bridge, conference) {
    await endMeeting(tools, bridge, conference);
  },

  /** Of a room that is not there. */
  async check(tools, bridge) {
    await endMeeting(tools, bridge, 'parley-check');
  },
};

/** The room is ended, or there was none. */
async function endMeeting(tools: EnderTools, bridge: Bridge, conference: string): Promise<void> {
  const status = await call(tools, bridge, conference, { authorization: `Bearer ${await signToken(bridge, tools.now)}` });
  if (status !== 200 && status !== 404) throw engineUnavailable(reasonOf(status));
  // Prosody says 404 of a path and of a host that it does not have too, and a web server 200 of anything. The module refuses who shows no token, whatever the room.
  const refusal = await call(tools, bridge, conference, {});
  if (refusal !== 401 && refusal !== 403)
    throw engineUnavailable('Prosody has no /end-meeting there: muc_end_meeting is not loaded, or http_default_host is missing');
}

async function call({ http }: EnderTools, bridge: Bridge, conference: string, headers: Record<string, string>): Promise<number> {
  const { settings } = bridge;
  const room = `${conference}@${settings.muc}`;
  const url = `${settings.prosodyUrl}/end-meeting?conference=${encodeURIComponent(room)}`;
  return (await http.exchange({ method: 'POST', url, headers })).status;
}

/** `iss` and `aud` as Prosody has them for the tokens of guests; `room`, because it wants one. */
async function signToken({ settings, secrets }: Bridge, now: number): Promise<string> {
  const { SignJWT } = await import('jose');
  const key = createPrivateKey(secrets.endKey?.reveal() ?? '');
  const seconds = Math.floor(now / 1000);
  return new SignJWT({ iss: settings.appId ?? '', aud: 'jitsi', room: '*' })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: keyIdOf(key) })
    .setIssuedAt(seconds)
    .setNotBefore(seconds - CALL_SECONDS)
    .setExpirationTime(seconds + CALL_SECONDS)
    .sign(key);
}

function reasonOf(status: number): string {
  return status === 401 || status === 403
    ? 'Prosody does not take this token: see prosody_password_public_key_repo_url'
    : `Prosody answered ${status}`;
}
