import type { Bridge } from '../domain/bridge.ts';
import { Secret } from '../domain/secret.ts';
import { signAccessToken } from './access-token.ts';
import type { EngineHttp } from './engine-http.ts';

const CALL_SECONDS = 30;

export interface LiveKitCall {
  now: number;
  /** Service and method: https://docs.livekit.io/reference/server/server-apis. */
  method: string;
  /** What the call may do: https://docs.livekit.io/frontends/authentication/tokens. */
  grants: object;
  body: object;
}

/** Twirp over JSON. Undefined where there is no such thing (404); any other answer but 200 throws ENGINE_UNAVAILABLE. */
export async function callLiveKit(
  engines: EngineHttp,
  bridge: Bridge,
  { now, method, grants, body }: LiveKitCall,
): Promise<string | undefined> {
  const token = await signLiveKit(bridge, grants, now, CALL_SECONDS);
  const answer = await engines.call({
    method: 'POST',
    url: `${bridge.settings.url}/twirp/livekit.${method}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    mayBeAbsent: true,
  });
  return answer === '' ? undefined : answer;
}

export function signLiveKit({ settings, secrets }: Bridge, claims: object, now: number, lastsSeconds: number): Promise<string> {
  return signAccessToken({ ...claims }, { issuer: settings.apiKey ?? '', secret: secrets.apiSecret ?? new Secret(''), now, lastsSeconds });
}
