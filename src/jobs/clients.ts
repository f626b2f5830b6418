import type { SearchKeeper } from '../operations/clients/keep-search.ts';
import { terminateDue } from '../operations/clients/terminate-due.ts';
import type { Platform } from '../platform/platform.ts';
import type { Store } from '../store/store.ts';
import type { Job } from './job.ts';

/** Terminations that were asked for beforehand. They are a second late at the most. */
export function terminateClients(parts: { store: Store; platform: Platform }, now: () => number): Job {
  return { name: 'terminate clients', everyMs: 1_000, run: () => terminateDue(parts, now()) };
}

/** What clients are found by. A search of the same tenant does not wait for it. */
export function keepSearch(search: SearchKeeper): Job {
  return { name: 'keep search', everyMs: 500, run: () => search.keep() };
}
