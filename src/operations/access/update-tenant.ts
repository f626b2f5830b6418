import type { Tenant } from '../../domain/caller.ts';
import { originOfOperator } from '../../domain/journal.ts';
import type { Store } from '../../store/store.ts';
import type { TenantWish } from './create-tenant.ts';

/** Changes what a tenant has chosen; running servers follow within a second. A repeat changes nothing more. Undefined where there is none. */
export function updateTenant(
  store: Store,
  { name, onDifference, passwordDisclosure }: TenantWish,
  now: number,
  origin = originOfOperator(),
): Promise<Tenant | undefined> {
  return store.updateTenant({ name, onDifference, passwordDisclosure, at: now, origin });
}
