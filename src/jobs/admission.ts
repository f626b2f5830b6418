import type { AdmissionDesk } from '../admission/desk.ts';
import type { RefusalClock } from '../admission/refusal-clock.ts';
import { endGhosts, type GhostParts } from '../operations/admission/end-ghosts.ts';
import { endOutlawed, type LiveConnector } from '../operations/admission/end-outlawed.ts';
import { sweepAdmission } from '../operations/admission/sweep-admission.ts';
import type { Store } from '../store/store.ts';
import type { Job } from './job.ts';

/** Ends legs whose time is over, and forgets counts that say nothing any more. */
export function sweepLegs(desk: AdmissionDesk): Job {
  return { name: 'sweep admission', everyMs: 30_000, run: () => sweepAdmission(desk) };
}

/** Measures how long after a deactivation something happened for the client. */
export function timeRefusals(refusals: RefusalClock): Job {
  return { name: 'time refusals', everyMs: 1_000, run: () => refusals.settle() };
}

/** Ends the live conferences of clients that are not active any more. */
export function endConferences({ store, connectors }: { store: Store; connectors: readonly LiveConnector[] }, now: () => number): Job {
  return { name: 'end conferences', everyMs: 1_000, run: () => endOutlawed({ store, connectors }, now()) };
}

/** Asks engines that can be asked which calls are up, and ends the legs of the others. */
export function endGhostLegs(parts: GhostParts): Job {
  return { name: 'end ghost legs', everyMs: 5_000, run: () => endGhosts(parts) };
}
