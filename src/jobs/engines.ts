import type { RefusalClock } from '../admission/refusal-clock.ts';
import type { RoomKeeper } from '../engine/room-keeper.ts';
import { endAbsentBrowsers } from '../operations/admission/end-absent-browsers.ts';
import type { DispatchKeeper } from '../operations/admission/keep-dispatch-rules.ts';
import type { Job } from './job.ts';

/** Makes an engine's rooms as the store wants them. */
export function keepRooms(rooms: RoomKeeper): Job {
  return { name: 'keep rooms', everyMs: 1_000, run: () => rooms.keep() };
}

/** Ends the legs of browsers that are in no room any more. */
export function endAbsent(parts: Parameters<typeof endAbsentBrowsers>[0]): Job {
  return { name: 'end absent browsers', everyMs: 5_000, run: () => endAbsentBrowsers(parts) };
}

/** Tells LiveKit which codes open which rooms. */
export function keepDispatchRules(keeper: DispatchKeeper): Job {
  return { name: 'keep dispatch rules', everyMs: 1_000, run: () => keeper.keep() };
}

/** Measures how long after a deactivation a room was known to be empty. */
export function timeEjections(ejections: RefusalClock): Job {
  return { name: 'time ejections', everyMs: 1_000, run: () => ejections.settle() };
}
