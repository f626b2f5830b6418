import type { Bridge } from '../domain/bridge.ts';
import type { Tenant } from '../domain/caller.ts';
import { OperatorError } from '../domain/errors.ts';
import { originOfOperator } from '../domain/journal.ts';
import { readPhoneNumber } from '../domain/phone-number.ts';
import type { Store } from '../store/store.ts';

/** Puts a number in service, for one tenant or for all. A repeat is a success; a number that is in service for others is refused. */
export async function addAccessNumber(store: Store, given: string, tenant: Tenant | undefined, now: number): Promise<string> {
  const number = readAccessNumber(given);
  const added = await store.admission.addAccessNumber({ number, tenantId: tenant?.tenantId, at: now, origin: originOfOperator() });
  if (added === 'taken')
    throw new OperatorError(`${number} is in service for others. Remove it first: parley access-number remove ${number}`);
  return number;
}

/** Takes a number out of service: calls to it open nothing from then on, where there are other numbers. */
export async function removeAccessNumber(store: Store, given: string, now: number): Promise<string> {
  const number = readAccessNumber(given);
  const removed = await store.admission.removeAccessNumber({ number, at: now, origin: originOfOperator() });
  if (!removed) throw new OperatorError(`${number} is not in service. See: parley access-number list`);
  return number;
}

/** What somebody can dial to reach this bridge's conferences: its tenant's numbers and those that all share; of a shared bridge, only the latter. */
export async function listDiallable(store: Store, { tenantId }: Bridge): Promise<string[]> {
  const owner = tenantId === undefined ? undefined : (await store.listTenants()).find((tenant) => tenant.tenantId === tenantId)?.name;
  const numbers = await store.admission.listAccessNumbers();
  return numbers.filter(({ tenantName }) => tenantName === undefined || tenantName === owner).map(({ number }) => number);
}

function readAccessNumber(given: string): string {
  const number = given.trim().startsWith('+') ? readPhoneNumber(given) : undefined;
  if (number === undefined) throw new OperatorError('Give the number in full, with + and the country: +15145550100.');
  return number.e164;
}
