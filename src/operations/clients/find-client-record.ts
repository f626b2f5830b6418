import { type Caller, requireScope } from '../../domain/caller.ts';
import { clientNotFound } from '../../domain/errors.ts';
import type { ClientKey, ClientRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';

/** All that is known of a client but its secrets, by our id or by the caller's own. Another tenant's is as unknown as one that never was. */
export async function findClientRecord(store: Store, caller: Caller, key: ClientKey): Promise<ClientRecord> {
  requireScope(caller, 'read');
  const record = await store.findClientRecord(caller.tenant.tenantId, key);
  if (record === undefined) throw clientNotFound();
  return record;
}
