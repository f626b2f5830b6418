import type { Rails } from '../../domain/admission.ts';
import { type Caller, requireScope } from '../../domain/caller.ts';
import { companyNotFound } from '../../domain/errors.ts';
import type { CompanyId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import type { Store } from '../../store/store.ts';

/** On which terms a company's callers are let in. Changes nothing. */
export async function getRails(store: Store, caller: Caller, companyId: CompanyId): Promise<Rails> {
  requireScope(caller, 'read');
  const rails = await store.admission.findRails({ tenantId: caller.tenant.tenantId, companyId });
  if (rails === undefined) throw companyNotFound();
  return rails;
}

/** Changes what is named and leaves the rest; counts from the next call on, on every node. A repeat changes nothing. */
export async function setRails(store: Store, caller: Caller, companyId: CompanyId, rails: Partial<Rails>, now: number): Promise<Rails> {
  requireScope(caller, 'admin');
  const { tenantId } = caller.tenant;
  const set = await store.admission.setRails({ tenantId, companyId, rails, at: now, origin: originOf(caller) });
  if (set === undefined) throw companyNotFound();
  return set;
}
