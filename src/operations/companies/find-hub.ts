import type { TenantId } from '../../domain/ids.ts';
import type { Store } from '../../store/store.ts';

/** A company's conferencing site, as anybody may see it who knows its name. */
export interface Hub {
  companyName: string;
  /** What guests can dial. */
  numbers: string[];
}

/** By the host name that provision gave (`hubUrl`). Needs no token. Undefined where no company has it. Changes nothing. */
export async function findHub(store: Store, hubUrl: string): Promise<Hub | undefined> {
  const hub = await store.findHub(hubUrl);
  return hub && { companyName: hub.companyName, numbers: await listDiallable(store, hub.tenantId) };
}

/** What somebody can dial to reach a tenant's conferences: its own numbers and those that all share. Undefined: of all tenants, which is only the latter. */
export async function listDiallable(store: Store, tenantId: TenantId | undefined): Promise<string[]> {
  const numbers = await store.admission.listAccessNumbers();
  return numbers.filter((one) => one.tenantId === undefined || one.tenantId === tenantId).map(({ number }) => number);
}
