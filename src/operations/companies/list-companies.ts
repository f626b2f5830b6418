import { type Caller, requireScope } from '../../domain/caller.ts';
import { searchKey } from '../../domain/search.ts';
import type { CompanyRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';

export interface CompanyFilter {
  after?: number | undefined;
  limit: number;
  /** The beginning of the name; accents and case do not matter. */
  name?: string | undefined;
}

/** The tenant's companies with their hubs, in the order of their ids. */
export async function listCompanies(store: Store, caller: Caller, { name, ...filter }: CompanyFilter): Promise<CompanyRecord[]> {
  requireScope(caller, 'read');
  return store.listCompanies({ ...filter, tenantId: caller.tenant.tenantId, name: name === undefined ? undefined : searchKey(name) });
}
