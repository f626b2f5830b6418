import { type Caller, requireScope } from '../../domain/caller.ts';
import { webhookNotFound } from '../../domain/errors.ts';
import type { EndpointId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import type { WebhookParts } from './create-webhook.ts';

/** Forgets an endpoint, its secrets and its deliveries; what is under way may still arrive. A repeat fails with WEBHOOK_NOT_FOUND. */
export async function deleteWebhook(
  { store, now }: Pick<WebhookParts, 'store' | 'now'>,
  caller: Caller,
  endpointId: EndpointId,
): Promise<void> {
  requireScope(caller, 'admin');
  const { tenantId } = caller.tenant;
  if (!(await store.webhooks.remove({ tenantId, endpointId, at: now(), origin: originOf(caller) }))) throw webhookNotFound();
}
