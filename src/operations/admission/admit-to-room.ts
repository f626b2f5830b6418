import type { AdmissionDesk } from '../../admission/desk.ts';
import type { AdmissionAnswer, Call } from '../../domain/admission.ts';
import type { Bridge } from '../../domain/bridge.ts';
import { engineUnavailable } from '../../domain/errors.ts';
import type { RoomKeeper, RoomTicket } from '../../engine/room-keeper.ts';
import type { TenantId } from '../../domain/ids.ts';
import { admitCaller } from './admit-caller.ts';
import { withdrawLeg } from './report-leg.ts';

export interface RoomAnswer {
  answer: AdmissionAnswer;
  /** Of whom is let in. */
  room: RoomTicket | undefined;
}

/**
 * As admitCaller, and who is let in is told the room, which the engine has by then. A repeat is told the same room. ENGINE_UNAVAILABLE where the
 * engine has it not: nobody is let in, and the same call may be asked about again.
 */
export async function admitToRoom(
  { desk, rooms }: { desk: AdmissionDesk; rooms: RoomKeeper | undefined },
  bridge: Bridge,
  call: Call,
): Promise<RoomAnswer> {
  const at = desk.now();
  const answer = await admitCaller(desk, bridge, call);
  if (answer.action !== 'accept') return { answer, room: undefined };
  const place = desk.vault.readConference(answer.conference);
  if (rooms === undefined || place === undefined) throw await unavailable(desk, bridge, { ...call, ...answer });
  const { clientId } = answer.client;
  // Before the room: it stays for as long as somebody is on record as being in it.
  await desk.legs.flush();
  const room = await rooms.open({ tenantId: place.tenantId as TenantId, clientId, reservationId: place.reservationId, at });
  if (room === undefined) throw await unavailable(desk, bridge, { ...call, ...answer });
  return { answer, room };
}

async function unavailable(desk: AdmissionDesk, bridge: Bridge, place: Parameters<typeof withdrawLeg>[2]): Promise<Error> {
  await withdrawLeg(desk, bridge, place);
  return engineUnavailable();
}
