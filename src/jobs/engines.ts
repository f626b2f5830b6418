import type { RefusalClock } from '../admission/refusal-clock.ts';
import type { RoomKeeper } from '../engine/room-keeper.ts';
import type { DispatchKeeper } from '../operations/admission/keep-dispatch-rules.ts';
import type { Job } from './job.ts';

/** Makes an engine's rooms as the store wants them. */
export function keepRooms(rooms: RoomKeeper): Job {
  return { name: 'keep rooms', everyMs: 1_000, run: () => rooms.keep() };
}

/** Tells LiveKit which codes open which rooms. */
export function keepDispatchRules(keeper: DispatchKeeper): Job {
  return { name: 'keep dispatch rules', everyMs: 1_000, run: () => keeper.keep() };
}

/** Measures how long after a deactivation a room was known to be empty. */
export function timeEjections(ejections: RefusalClock): Job {
  return { name: 'time ejections', everyMs: 1_000, run: () => ejections.settle() };
}
