import { originOfSystem } from '../../domain/journal.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { Tenant } from '../../domain/caller.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Store } from '../../store/store.ts';

const AT_ONCE = 100;

/** Ends the clients whose time has come. On several nodes the first one does it, and for the others there is nothing left. */
export async function terminateDue({ store, platform }: { store: Store; platform: Platform }, now: number): Promise<void> {
  for (let due = AT_ONCE; due === AT_ONCE;) {
    const found = await store.findDueTerminations(now, AT_ONCE);
    const tenants =
      found.length === 0 ? new Map<TenantId, Tenant>() : new Map((await store.listTenants()).map((one) => [one.tenantId, one]));
    // Where the platform is away the wish stays on record, and the others are not kept waiting.
    const ends = await Promise.allSettled(
      found.map(({ tenantId, clientId, reason }) =>
        platform.change(tenants.get(tenantId) as Tenant, clientId, { kind: 'terminate', reason }, originOfSystem()),
      ),
    );
    if (ends.some(({ status }) => status === 'rejected')) return;
    due = found.length;
  }
}
