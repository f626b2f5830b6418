import type { Tenant } from '../../domain/caller.ts';
import { OperatorError } from '../../domain/errors.ts';
import type { Store } from '../../store/store.ts';

export async function findTenant(store: Store, name: string): Promise<Tenant> {
  return (await store.listTenants()).find((tenant) => tenant.name === name) ?? tenantUnknown(name);
}

export function tenantUnknown(name: string): never {
  throw new OperatorError(`There is no tenant "${name}". See: parley tenant list`);
}
