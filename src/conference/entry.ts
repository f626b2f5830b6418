import { admitToRoom } from '../operations/admission/admit-to-room.ts';
import type { Admitted } from '../domain/admission.ts';
import type { Bridge } from '../domain/bridge.ts';
import { ProvisioningError } from '../domain/errors.ts';
import type { TenantId } from '../domain/ids.ts';
import type { MediaRoom } from '../engine/media.ts';
import { callIdOf, type Seat } from '../operations/hub/seat.ts';
import type { ConferenceParts, OverReason } from './parts.ts';

export interface Entered {
  kind: 'entered';
  answer: Admitted;
  tenantId: TenantId;
  room: MediaRoom;
  isLocked: boolean;
}

export type Entry = Entered | { kind: 'over'; reason: OverReason } | { kind: 'wait'; for: 'engine' };

/** Whether this seat may come in now, as the records are now: the code, the client, the limit, and what moderators have decided of this room. */
export async function tryEntry(
  { desk, rooms }: Pick<ConferenceParts, 'desk' | 'rooms'>,
  { seat, bridge, caller }: { seat: Seat; bridge: Bridge; caller: string },
): Promise<Entry> {
  const call = { callId: callIdOf(seat.seatId), accessNumber: undefined, digits: seat.passCode, caller };
  let admitted;
  try {
    admitted = await admitToRoom({ desk, rooms }, bridge, call);
  } catch (error) {
    if (error instanceof ProvisioningError) return { kind: 'wait', for: 'engine' };
    throw error;
  }
  const { answer, room: ticket } = admitted;
  if (answer.action !== 'accept') {
    const isFull = answer.action === 'reject' && answer.reason === 'conference_full';
    return { kind: 'over', reason: isFull ? 'full' : 'deactivated' };
  }
  const place = desk.vault.readConference(answer.conference);
  const room = ticket && (await rooms.find(ticket.number));
  if (ticket === undefined || room === undefined || place === undefined) return { kind: 'wait', for: 'engine' };
  if (room.removed.includes(seat.visitor)) return { kind: 'over', reason: 'removed' };
  // A seat that was taken before may come back.
  if (room.lockedAt !== undefined && seat.takenAt > room.lockedAt) return { kind: 'over', reason: 'locked' };
  return {
    kind: 'entered',
    answer,
    tenantId: place.tenantId as TenantId,
    room: { number: ticket.number, pin: ticket.pin, hasVideo: ticket.media.includes('video') },
    isLocked: room.lockedAt !== undefined,
  };
}

/** Whether a moderator is in, by telephone or by the web. */
export async function isModeratorIn({ desk }: Pick<ConferenceParts, 'desk'>, { answer, tenantId }: Entered): Promise<boolean> {
  await desk.legs.flush();
  const { clientId } = answer.client;
  const live = await desk.store.admission.listLive({ tenantId, clientId, at: desk.now(), limit: 1_000 });
  return live.some(({ conference, role, joinedAt }) => conference === answer.conference && role === 'moderator' && joinedAt !== undefined);
}
