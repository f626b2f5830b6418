import { hash } from 'node:crypto';
import type { Bridge } from '../../../domain/bridge.ts';
import { unauthorized } from '../../../domain/errors.ts';
import type { EngineRequest } from '../dialect.ts';

/** https://docs.livekit.io/home/server/webhooks: a token, without a scheme, that is signed with the key pair and has the digest of the body. */
export async function checkWebhook({ headers, body }: EngineRequest, { settings, secrets }: Bridge, now: number): Promise<void> {
  const secret = secrets.apiSecret?.reveal();
  if (secret === undefined || headers.authorization === undefined) throw unauthorized();
  const { jwtVerify } = await import('jose');
  const terms = { issuer: settings.apiKey ?? '', algorithms: ['HS256'], currentDate: new Date(now) };
  const { payload } = await jwtVerify(headers.authorization, new TextEncoder().encode(secret), terms).catch(() => {
    throw unauthorized();
  });
  if (payload.exp === undefined || payload.sha256 !== hash('sha256', body, 'base64')) throw unauthorized();
}
