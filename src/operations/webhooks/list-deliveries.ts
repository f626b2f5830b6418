import { type Caller, requireScope } from '../../domain/caller.ts';
import { webhookNotFound } from '../../domain/errors.ts';
import type { ClientId, EndpointId } from '../../domain/ids.ts';
import type { Delivery, DeliveryState } from '../../domain/webhook.ts';
import type { Store } from '../../store/store.ts';

export interface DeliveryFilter {
  before?: number | undefined;
  state?: DeliveryState | undefined;
  clientId?: ClientId | undefined;
  limit: number;
}

/** What was sent to an endpoint and what it answered, what waits, and what was given up; newest first. Changes nothing. */
export async function listDeliveries(
  store: Store,
  caller: Caller,
  endpointId: EndpointId,
  { before = Number.MAX_SAFE_INTEGER, state, clientId, limit }: DeliveryFilter,
): Promise<Delivery[]> {
  requireScope(caller, 'read');
  const key = { tenantId: caller.tenant.tenantId, endpointId };
  if ((await store.webhooks.find(key)) === undefined) throw webhookNotFound();
  return store.webhooks.listDeliveries({ ...key, before, state, clientId, limit });
}
