import type { TenantId } from '../../domain/ids.ts';
import type { HubRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';

/** A company's conferencing site by the host name that provision gave (`hubUrl`). Needs no token. Undefined where no company has it. Changes nothing. */
export async function findHub(store: Store, hubUrl: string): Promise<HubRecord | undefined> {
  return store.findHub(hubUrl);
}

/** What somebody can dial to reach a tenant's conferences: its own numbers and those that all share. Undefined: of all tenants, which is only the latter. */
export async function listDiallable(store: Store, tenantId: TenantId | undefined): Promise<string[]> {
  const numbers = await store.admission.listAccessNumbers();
  return numbers.filter((one) => one.tenantId === undefined || one.tenantId === tenantId).map(({ number }) => number);
}
