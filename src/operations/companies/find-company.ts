import { type Caller, requireScope } from '../../domain/caller.ts';
import { companyNotFound } from '../../domain/errors.ts';
import type { CompanyKey, CompanyRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';

/** A company and its hub, by our id or by the caller's own. Another tenant's is as unknown as one that never was. */
export async function findCompany(store: Store, caller: Caller, key: CompanyKey): Promise<CompanyRecord> {
  requireScope(caller, 'read');
  const record = await store.findCompanyRecord(caller.tenant.tenantId, key);
  if (record === undefined) throw companyNotFound();
  return record;
}
