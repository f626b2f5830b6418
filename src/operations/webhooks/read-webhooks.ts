import { type Caller, requireScope } from '../../domain/caller.ts';
import { webhookNotFound } from '../../domain/errors.ts';
import type { EndpointId } from '../../domain/ids.ts';
import type { Webhook } from '../../domain/webhook.ts';
import type { Store } from '../../store/store.ts';

/** The tenant's endpoints, the oldest first. Changes nothing. */
export async function listWebhooks(store: Store, caller: Caller): Promise<Webhook[]> {
  requireScope(caller, 'read');
  return store.webhooks.list(caller.tenant.tenantId);
}

/** One endpoint. Fails with WEBHOOK_NOT_FOUND where the tenant has none of this id. Changes nothing. */
export async function getWebhook(store: Store, caller: Caller, endpointId: EndpointId): Promise<Webhook> {
  requireScope(caller, 'read');
  const webhook = await store.webhooks.find({ tenantId: caller.tenant.tenantId, endpointId });
  if (webhook === undefined) throw webhookNotFound();
  return webhook;
}
