import type { Tenant } from '../domain/caller.ts';
import { originOfOperator } from '../domain/journal.ts';
import type { Store } from '../store/store.ts';
import type { TenantWish } from './create-tenant.ts';
import { tenantUnknown } from './find-tenant.ts';

/** Changes what a tenant has chosen; running servers follow within a second. A repeat changes nothing more. */
export async function updateTenant(store: Store, wish: TenantWish, now: number): Promise<Tenant> {
  const { name, onDifference, passwordDisclosure } = wish;
  return (await store.updateTenant({ name, onDifference, passwordDisclosure, at: now, origin: originOfOperator() })) ?? tenantUnknown(name);
}
