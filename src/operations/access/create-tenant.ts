import type { OnDifference, PasswordDisclosure, Tenant } from '../../domain/caller.ts';
import { fieldsInvalid, tenantExists } from '../../domain/errors.ts';
import { originOfOperator } from '../../domain/journal.ts';
import type { NewTenant } from '../../store/access.ts';
import type { Store } from '../../store/store.ts';
import { findTextProblem } from '../../domain/text.ts';

export interface TenantWish {
  name: string;
  onDifference?: OnDifference | undefined;
  passwordDisclosure?: PasswordDisclosure | undefined;
  isSandbox?: boolean | undefined;
}

/** Makes a tenant: a wall with its own external ids and tokens. Names are unique; a repeat is refused and changes nothing. */
export async function createTenant(store: Store, wish: TenantWish, now: number): Promise<Tenant> {
  const made = await store.createTenant({ ...readTenantWish(wish), at: now, origin: originOfOperator() });
  if (made.kind !== 'made') throw tenantExists(wish.name.trim());
  return made.tenant;
}

/** What is not chosen is as the contract has it. */
export function readTenantWish(wish: TenantWish): Omit<NewTenant, 'at' | 'origin'> {
  const problem = findTextProblem(wish.name);
  if (problem !== undefined) throw fieldsInvalid([{ field: 'name', code: 'FIELD_INVALID', message: problem }]);
  return {
    name: wish.name.trim(),
    onDifference: wish.onDifference ?? 'update',
    passwordDisclosure: wish.passwordDisclosure ?? 'always',
    isSandbox: wish.isSandbox ?? false,
  };
}
