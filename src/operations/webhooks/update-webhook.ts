import { type Caller, requireScope } from '../../domain/caller.ts';
import { webhookNotFound } from '../../domain/errors.ts';
import type { EndpointId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import type { Webhook, WebhookChoices } from '../../domain/webhook.ts';
import { requireTarget, type WebhookParts } from './create-webhook.ts';

/**
 * Changes what is given of an endpoint. One that is enabled again goes on where it was, in order, with all attempts anew. A repeat is a
 * success and leaves no entry in the audit.
 */
export async function updateWebhook(
  { store, webhooks, now }: WebhookParts,
  caller: Caller,
  endpointId: EndpointId,
  choices: Partial<WebhookChoices>,
): Promise<Webhook> {
  requireScope(caller, 'admin');
  if (choices.url !== undefined) await requireTarget(webhooks, choices.url);
  const { tenantId } = caller.tenant;
  const updated = await store.webhooks.update({ tenantId, endpointId, choices, at: now(), origin: originOf(caller) });
  if (updated === undefined) throw webhookNotFound();
  return updated;
}
