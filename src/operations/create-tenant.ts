import type { OnDifference, PasswordDisclosure, Tenant } from '../domain/caller.ts';
import { OperatorError } from '../domain/errors.ts';
import { originOfOperator } from '../domain/journal.ts';
import type { Store } from '../store/store.ts';
import { findTextProblem } from '../domain/text.ts';

export interface TenantWish {
  name: string;
  onDifference?: OnDifference;
  passwordDisclosure?: PasswordDisclosure;
  isSandbox?: boolean;
}

/** Makes a tenant: a wall with its own external ids and tokens. Names are unique; a repeat is refused and changes nothing. */
export async function createTenant(store: Store, wish: TenantWish, now: number): Promise<Tenant> {
  const problem = findTextProblem(wish.name);
  if (problem !== undefined) throw new OperatorError(`The tenant's name ${problem}.`);
  const tenant = await store.createTenant({
    name: wish.name.trim(),
    onDifference: wish.onDifference ?? 'update',
    isSandbox: wish.isSandbox ?? false,
    passwordDisclosure: wish.passwordDisclosure ?? 'always',
    at: now,
    origin: originOfOperator(),
  });
  if (tenant === undefined) throw new OperatorError(`There is a tenant "${wish.name.trim()}" already. Choose another name.`);
  return tenant;
}
