import { originOfSystem } from '../domain/journal.ts';
import type { Store } from '../store/store.ts';

const AT_ONCE = 100;

/** Ends the clients whose time has come. On several nodes the first one does it, and for the others there is nothing left. */
export async function terminateDue(store: Store, now: number): Promise<void> {
  for (let due = AT_ONCE; due === AT_ONCE;) {
    const found = await store.findDueTerminations(now, AT_ONCE);
    for (const { reason, ...client } of found)
      await store.changeClient({ ...client, at: now, origin: originOfSystem(), change: { kind: 'terminate', reason } });
    due = found.length;
  }
}
