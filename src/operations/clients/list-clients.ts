import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ClientStatus } from '../../domain/client.ts';
import type { CompanyId } from '../../domain/ids.ts';
import { searchKey } from '../../domain/search.ts';
import type { ClientRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';

export interface ClientFilter {
  after?: number | undefined;
  limit: number;
  status?: ClientStatus | undefined;
  companyId?: CompanyId | undefined;
  /** In any case. */
  email?: string | undefined;
  /** The beginning of the last name, and of the first after it; accents and case do not matter. */
  name?: string | undefined;
  changedSince?: number | undefined;
}

/** The tenant's clients in the order of their ids. Each that was there at the first page comes exactly once, whatever changes meanwhile. */
export async function listClients(store: Store, caller: Caller, { email, name, ...filter }: ClientFilter): Promise<ClientRecord[]> {
  requireScope(caller, 'read');
  return store.listClients({
    ...filter,
    tenantId: caller.tenant.tenantId,
    email: email === undefined ? undefined : searchKey(email),
    name: name === undefined ? undefined : searchKey(name),
  });
}
