import { type Caller, requireScope } from '../../domain/caller.ts';
import { operatorRequired } from '../../domain/errors.ts';
import type { Store } from '../../store/store.ts';
import type { IdempotencyKey, CallersKey } from '../../store/idempotency.ts';
import type { Vault } from '../../vault/vault.ts';

export interface Administration {
  store: Store;
  vault: Vault;
  now: () => number;
}

/** Whether a caller may say what concerns all tenants: with the scope `admin`, and of the first tenant, which is the operator's. */
export async function isOperator(store: Store, { tenant }: Caller): Promise<boolean> {
  return (await store.findOperatorTenantId()) === tenant.tenantId;
}

export async function requireOperator(store: Store, caller: Caller): Promise<void> {
  requireScope(caller, 'admin');
  if (!(await isOperator(store, caller))) throw operatorRequired();
}

/** Where a caller's Idempotency-Key is kept. */
export function keyOf({ vault }: Administration, { tenant }: Caller, key: IdempotencyKey | undefined): CallersKey {
  return { vault, tenantId: tenant.tenantId, key };
}
