import { type Caller, requireScope } from '../../domain/caller.ts';
import { deliveryNotFound } from '../../domain/errors.ts';
import type { Store } from '../../store/store.ts';

/**
 * Sends a delivery again, as soon as it is its client's turn, whatever became of it before: one that waits for its next attempt is made due,
 * one that was given up or has arrived begins anew. A repeat is a success.
 */
export async function retryDelivery(store: Store, caller: Caller, deliveryId: number, now: number): Promise<void> {
  requireScope(caller, 'admin');
  if (!(await store.webhooks.retry({ tenantId: caller.tenant.tenantId, deliveryId, at: now }))) throw deliveryNotFound();
}
