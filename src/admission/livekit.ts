import type { Admitted } from '../domain/admission.ts';
import type { Bridge } from '../domain/bridge.ts';
import { engineUnavailable } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import { signAccessToken } from './access-token.ts';
import type { EngineHttp } from './engine-http.ts';

/** Long enough to connect; a token that was not used is no way back into a room that has ended. */
const JOIN_WITHIN_SECONDS = 60;
const CALL_SECONDS = 30;
const EMPTY_TIMEOUT_SECONDS = 300;

/** Made before anybody is sent there, so that the server need make none itself. A repeat changes nothing. */
export async function makeRoom(engines: EngineHttp, bridge: Bridge, { conference, limits }: Admitted, now: number): Promise<void> {
  await call(
    engines,
    bridge,
    { now, method: 'CreateRoom', room: conference },
    {
      name: conference,
      empty_timeout: EMPTY_TIMEOUT_SECONDS,
      max_participants: limits.maxParticipants,
    },
  );
}

/** By what their tokens say of them, which nobody can change who is in. */
export async function isModeratorIn(engines: EngineHttp, bridge: Bridge, room: string, now: number): Promise<boolean> {
  const answer = await call(engines, bridge, { now, method: 'ListParticipants', room, mayBeAbsent: true }, { room });
  if (answer === '') return false;
  try {
    const { participants = [] } = JSON.parse(answer) as { participants?: { attributes?: { role?: string } }[] };
    return participants.some(({ attributes }) => attributes?.role === 'moderator');
  } catch {
    throw engineUnavailable('LiveKit answered what is no list of participants');
  }
}

/** Everybody is out, or there was nobody. */
export async function deleteRoom(engines: EngineHttp, bridge: Bridge, room: string, now: number): Promise<void> {
  await call(engines, bridge, { now, method: 'DeleteRoom', room, mayBeAbsent: true }, { room });
}

/** https://docs.livekit.io/frontends/authentication/tokens: what its bearer may do in the one room. */
export async function signJoin(
  bridge: Bridge,
  { role, conference }: Admitted,
  { identity, name, now }: { identity: string; name: string; now: number },
): Promise<string> {
  const video = { room: conference, roomJoin: true, roomAdmin: role === 'moderator', canPublish: true, canSubscribe: true };
  return sign(bridge, { sub: identity, name, attributes: { role }, video }, now, JOIN_WITHIN_SECONDS);
}

interface TwirpCall {
  now: number;
  method: string;
  room: string;
  mayBeAbsent?: boolean;
}

async function call(
  engines: EngineHttp,
  bridge: Bridge,
  { now, method, room, mayBeAbsent = false }: TwirpCall,
  body: object,
): Promise<string> {
  const token = await sign(bridge, { video: { room, roomAdmin: true, roomCreate: true } }, now, CALL_SECONDS);
  return engines.call({
    method: 'POST',
    url: `${bridge.settings.url}/twirp/livekit.RoomService/${method}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    mayBeAbsent,
  });
}

function sign({ settings, secrets }: Bridge, claims: object, now: number, lastsSeconds: number): Promise<string> {
  return signAccessToken({ ...claims }, { issuer: settings.apiKey ?? '', secret: secrets.apiSecret ?? new Secret(''), now, lastsSeconds });
}
