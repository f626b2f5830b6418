import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Bridge } from '../../domain/bridge.ts';
import { engineUnavailable } from '../../domain/errors.ts';
import { keyIdOf } from '../jitsi-key.ts';
import type { ConferenceEnder, EnderTools } from './ender.ts';

const CALL_SECONDS = 60;

/** Prosody's `mod_muc_end_meeting`, which comes with Jitsi Meet. */
export const jitsiEnder: ConferenceEnder = {
  canEnd: ({ settings, secrets }) => settings.prosodyUrl !== undefined && secrets.endKey !== undefined,

  async end(tools, bridge, conference) {
    const status = await endMeeting(tools, bridge, conference);
    if (status !== 200 && status !== 404) throw engineUnavailable(reasonOf(status));
  },

  /** Of a room that is not there: 404 says that the token was taken. */
  async check(tools, bridge) {
    const status = await endMeeting(tools, bridge, 'parley-check');
    if (status !== 404 && status !== 200) throw engineUnavailable(reasonOf(status));
  },
};

async function endMeeting({ http, now }: EnderTools, bridge: Bridge, conference: string): Promise<number> {
  const { settings } = bridge;
  const room = `${conference}@${settings.muc}`;
  const url = `${settings.prosodyUrl}/end-meeting?conference=${encodeURIComponent(room)}`;
  const answer = await http.exchange({ method: 'POST', url, headers: { authorization: `Bearer ${await signToken(bridge, now)}` } });
  return answer.status;
}

/** `iss` and `aud` as Prosody has them for the tokens of guests; `room`, because it wants one. */
async function signToken({ settings, secrets }: Bridge, now: number): Promise<string> {
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
