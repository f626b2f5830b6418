import { randomUUID } from 'node:crypto';
import { signAccessToken } from '../../../engine/access-token.ts';
import type { AdmissionAnswer } from '../../../domain/admission.ts';
import type { Bridge } from '../../../domain/bridge.ts';
import { nameIn } from '../display-name.ts';
import type { EngineRequest, Rendered, RenderTools } from '../dialect.ts';

const LASTS_SECONDS = 600;

/** https://github.com/jitsi/lib-jitsi-meet/blob/master/doc/tokens.md */
export async function renderToken(
  answer: AdmissionAnswer,
  asked: EngineRequest,
  { settings, secrets }: Bridge,
  { now }: RenderTools,
): Promise<Rendered> {
  const { url = '', appId = '' } = settings;
  const { appSecret } = secrets;
  if (answer.action !== 'accept' || appSecret === undefined) return json(403, { message: 'This pass code opens nothing.' });
  const { conference: room, role } = answer;
  const isModerator = role === 'moderator';
  const user = { id: randomUUID(), name: nameIn(asked), moderator: isModerator, affiliation: isModerator ? 'owner' : 'member' };
  const claims = { aud: 'jitsi', sub: new URL(url).hostname, room, context: { user } };
  const jwt = await signAccessToken(claims, { issuer: appId, secret: appSecret, now, lastsSeconds: LASTS_SECONDS });
  return json(200, { jwt, url: `${url}/${room}?jwt=${jwt}`, room });
}

function json(status: number, body: object): Rendered {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}
