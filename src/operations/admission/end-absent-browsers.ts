import type { RoomKeeper } from '../../engine/room-keeper.ts';
import type { Store } from '../../store/store.ts';
import { participantIdOf, seatIdOf } from '../hub/seat.ts';

/** Who came in just now, or is on the way back from another node, may not be in the room as yet. */
const OLDER_THAN_MS = 15_000;
const AT_ONCE = 500;

/** Ends the legs of browsers that are in no room any more: a node that was killed has told of nobody. Where they come back they have their legs again. Throws where the engine does not answer. */
export async function endAbsentBrowsers({ store, rooms, now }: { store: Store; rooms: RoomKeeper; now: () => number }): Promise<void> {
  for (let after = ''; ;) {
    const legs = await store.admission.listBrowserLegs({ joinedBefore: now() - OLDER_THAN_MS, after, limit: AT_ONCE });
    for (const [clientId, ofClient] of Map.groupBy(legs, (leg) => leg.clientId)) {
      const [{ tenantId }] = ofClient as [(typeof ofClient)[number]];
      const present = await rooms.listParticipants({ tenantId, clientId });
      for (const { legKey, callId } of ofClient)
        if (!present.has(participantIdOf(seatIdOf(callId)))) await store.admission.endLeg({ legKey, at: now() });
    }
    after = legs.at(-1)?.callId ?? '';
    if (legs.length < AT_ONCE) return;
  }
}
