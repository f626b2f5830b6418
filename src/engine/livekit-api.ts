import type { Bridge } from '../domain/bridge.ts';
import { engineUnavailable } from '../domain/errors.ts';
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

/** Twirp over JSON. Undefined where LiveKit itself says that there is no such thing; anything else that is no answer of its own throws ENGINE_UNAVAILABLE. */
export async function callLiveKit(
  engines: EngineHttp,
  bridge: Bridge,
  { now, method, grants, body }: LiveKitCall,
): Promise<string | undefined> {
  const token = await signLiveKit(bridge, grants, now, CALL_SECONDS);
  const { status, text } = await engines.exchange({
    method: 'POST',
    url: `${bridge.settings.url}/twirp/livekit.${method}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = readObject(text);
  if (status === 200 && answer !== undefined) return text;
  // A path that nobody serves is 404 too, of another server or with another code.
  if (status === 404 && answer?.code === 'not_found') return undefined;
  throw engineUnavailable(answer === undefined ? `what answered ${status} is no LiveKit` : `the engine answered ${status}`);
}

function readObject(text: string): { code?: unknown } | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}

export function signLiveKit({ settings, secrets }: Bridge, claims: object, now: number, lastsSeconds: number): Promise<string> {
  return signAccessToken({ ...claims }, { issuer: settings.apiKey ?? '', secret: secrets.apiSecret ?? new Secret(''), now, lastsSeconds });
}
