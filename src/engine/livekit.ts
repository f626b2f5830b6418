import type { Admitted } from '../domain/admission.ts';
import type { Bridge } from '../domain/bridge.ts';
import { engineUnavailable } from '../domain/errors.ts';
import type { EngineHttp } from './engine-http.ts';
import { callLiveKit, signLiveKit } from './livekit-api.ts';

/** Long enough to connect; a token that was not used is no way back into a room that has ended. */
const JOIN_WITHIN_SECONDS = 60;
const EMPTY_TIMEOUT_SECONDS = 300;

/** Made before anybody is sent there, so that the server need make none itself. A repeat changes nothing. */
export async function makeRoom(engines: EngineHttp, bridge: Bridge, { conference, limits }: Admitted, now: number): Promise<void> {
  await callRooms(engines, bridge, conference, now, 'CreateRoom', {
    name: conference,
    empty_timeout: EMPTY_TIMEOUT_SECONDS,
    max_participants: limits.maxParticipants,
  });
}

/** By what their tokens say of them, which nobody can change who is in. */
export async function isModeratorIn(engines: EngineHttp, bridge: Bridge, room: string, now: number): Promise<boolean> {
  const answer = await callRooms(engines, bridge, room, now, 'ListParticipants', { room });
  if (answer === undefined) return false;
  try {
    const { participants = [] } = JSON.parse(answer) as { participants?: { attributes?: { role?: string } }[] };
    return participants.some(({ attributes }) => attributes?.role === 'moderator');
  } catch {
    throw engineUnavailable('LiveKit answered what is no list of participants');
  }
}

/** Everybody is out, or there was nobody. */
export async function deleteRoom(engines: EngineHttp, bridge: Bridge, room: string, now: number): Promise<void> {
  await callRooms(engines, bridge, room, now, 'DeleteRoom', { room });
}

/** Something that the server answers to those alone who have its secret. */
export async function listRooms(engines: EngineHttp, bridge: Bridge, now: number): Promise<void> {
  await callLiveKit(engines, bridge, {
    now,
    method: 'RoomService/ListRooms',
    grants: { video: { roomList: true } },
    body: { names: ['parley-check'] },
  });
}

/** https://docs.livekit.io/frontends/authentication/tokens: what its bearer may do in the one room. */
export async function signJoin(
  bridge: Bridge,
  { role, conference }: Admitted,
  { identity, name, now }: { identity: string; name: string; now: number },
): Promise<string> {
  const video = { room: conference, roomJoin: true, roomAdmin: role === 'moderator', canPublish: true, canSubscribe: true };
  return signLiveKit(bridge, { sub: identity, name, attributes: { role }, video }, now, JOIN_WITHIN_SECONDS);
}

/** Undefined where there is no such room. */
function callRooms(
  engines: EngineHttp,
  bridge: Bridge,
  room: string,
  now: number,
  method: string,
  body: object,
): Promise<string | undefined> {
  const grants = { video: { room, roomAdmin: true, roomCreate: true } };
  return callLiveKit(engines, bridge, { now, method: `RoomService/${method}`, grants, body });
}
