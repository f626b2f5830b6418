import type { Tenant } from '../../domain/caller.ts';
import { accessNumberNotFound, accessNumberTaken, fieldsInvalid } from '../../domain/errors.ts';
import { originOfOperator } from '../../domain/journal.ts';
import { readPhoneNumber } from '../../domain/phone-number.ts';
import type { Store } from '../../store/store.ts';

/** Puts a number in service, for one tenant or for all. A repeat is a success; a number that is in service for others is refused. */
export async function addAccessNumber(
  store: Store,
  given: string,
  tenant: Pick<Tenant, 'tenantId'> | undefined,
  now: number,
  origin = originOfOperator(),
): Promise<string> {
  const number = readAccessNumber(given);
  const added = await store.admission.addAccessNumber({ number, tenantId: tenant?.tenantId, at: now, origin });
  if (added === 'taken') throw accessNumberTaken(number);
  return number;
}

/** Takes a number out of service: calls to it open nothing from then on, where there are other numbers. */
export async function removeAccessNumber(store: Store, given: string, now: number, origin = originOfOperator()): Promise<string> {
  const number = readAccessNumber(given);
  const removed = await store.admission.removeAccessNumber({ number, at: now, origin });
  if (!removed) throw accessNumberNotFound(number);
  return number;
}

export function readAccessNumber(given: string): string {
  const number = given.trim().startsWith('+') ? readPhoneNumber(given) : undefined;
  if (number === undefined) {
    const message = 'must be a telephone number in full, with + and the country: +15145550100';
    throw fieldsInvalid([{ field: 'number', code: 'FIELD_INVALID', message }]);
  }
  return number.e164;
}
