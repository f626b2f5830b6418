import { type Caller, requireScope } from '../../domain/caller.ts';
import { accessNumberNotFound, operatorRequired } from '../../domain/errors.ts';
import type { TenantId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import { addAccessNumber, readAccessNumber, removeAccessNumber } from './access-numbers.ts';
import { type Administration, isOperator, requireOperator } from '../access/operator.ts';

export interface AccessNumber {
  number: string;
  isShared: boolean;
  createdAt: number;
}

/** What the tenant's callers can dial: its own numbers, and those that all tenants share. Changes nothing. */
export async function listAccessNumbers({ store }: Administration, caller: Caller): Promise<AccessNumber[]> {
  requireScope(caller, 'read');
  const numbers = await store.admission.listAccessNumbers();
  return numbers
    .filter(({ tenantId }) => isSeen(tenantId, caller))
    .map(({ number, tenantId, createdAt }) => ({ number, isShared: tenantId === undefined, createdAt }));
}

/** Puts a number in service, for the tenant or, by the operator, for all. A repeat is a success; one that is in service for others is refused. */
export async function putInService(
  parts: Administration,
  caller: Caller,
  { number, isShared }: { number: string; isShared: boolean },
): Promise<AccessNumber> {
  requireScope(caller, 'admin');
  if (isShared) await requireOperator(parts.store, caller);
  const added = await addAccessNumber(parts.store, number, isShared ? undefined : caller.tenant, parts.now(), originOf(caller));
  return findNumber(parts, caller, added);
}

/** Takes a number out of service: calls to it open nothing from then on, where there are other numbers. A repeat fails with ACCESS_NUMBER_NOT_FOUND. */
export async function takeOutOfService(parts: Administration, caller: Caller, given: string): Promise<void> {
  requireScope(caller, 'admin');
  const { number, isShared } = await findNumber(parts, caller, readAccessNumber(given));
  if (isShared && !(await isOperator(parts.store, caller))) throw operatorRequired();
  await removeAccessNumber(parts.store, number, parts.now(), originOf(caller));
}

async function findNumber(parts: Administration, caller: Caller, number: string): Promise<AccessNumber> {
  const numbers = await parts.store.admission.listAccessNumbers();
  const found = numbers.find((one) => one.number === number && isSeen(one.tenantId, caller));
  if (found === undefined) throw accessNumberNotFound(number);
  return { number, isShared: found.tenantId === undefined, createdAt: found.createdAt };
}

function isSeen(tenantId: TenantId | undefined, { tenant }: Caller): boolean {
  return tenantId === undefined || tenantId === tenant.tenantId;
}
