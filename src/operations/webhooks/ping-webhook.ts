import { type Caller, requireScope } from '../../domain/caller.ts';
import { webhookNotFound } from '../../domain/errors.ts';
import type { EndpointId } from '../../domain/ids.ts';
import type { Attempt } from '../../domain/webhook.ts';
import type { WebhookParts } from './create-webhook.ts';

/**
 * Sends one signed `webhook.ping` at once, also to an endpoint that is disabled, and tells what the receiver said. Nothing is recorded and
 * nothing tried again; each call sends another.
 */
export async function pingWebhook(
  { store, webhooks }: Pick<WebhookParts, 'store' | 'webhooks'>,
  caller: Caller,
  endpointId: EndpointId,
): Promise<Attempt> {
  requireScope(caller, 'admin');
  const webhook = await store.webhooks.find({ tenantId: caller.tenant.tenantId, endpointId });
  if (webhook === undefined) throw webhookNotFound();
  return webhooks.ping(webhook, caller.requestId);
}
