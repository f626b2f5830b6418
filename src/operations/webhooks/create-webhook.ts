import { type Caller, requireScope } from '../../domain/caller.ts';
import { fieldsInvalid, idempotencyKeyReused, webhookLimit } from '../../domain/errors.ts';
import type { EndpointId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import { Secret } from '../../domain/secret.ts';
import { MAX_ENDPOINTS, type Webhook, type WebhookChoices } from '../../domain/webhook.ts';
import type { Store } from '../../store/store.ts';
import type { IdempotencyKey } from '../../store/idempotency.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';

export interface WebhookParts {
  store: Store;
  webhooks: Webhooks;
  now: () => number;
}

interface Made {
  endpointId: EndpointId;
  secret: string;
}

/**
 * Makes an endpoint and returns its secret for the only time. Events from then on (or those after `after`) are sent to it. Each call makes
 * another, except that the same Idempotency-Key gets the same endpoint and secret for 24 hours. A failure leaves nothing behind.
 */
export async function createWebhook(
  { store, webhooks, now }: WebhookParts,
  caller: Caller,
  { choices, after, idempotency }: { choices: WebhookChoices; after: number | undefined; idempotency: IdempotencyKey | undefined },
): Promise<{ webhook: Webhook; secret: Secret }> {
  requireScope(caller, 'admin');
  await requireTarget(webhooks, choices.url);
  const { tenantId } = caller.tenant;
  const endpointId = webhooks.secrets.drawEndpointId();
  const { secret, sealed } = webhooks.secrets.issue(tenantId, endpointId);
  const made: Made = { endpointId, secret: secret.reveal() };
  const at = now();
  const result = await store.webhooks.create({
    tenantId,
    endpointId,
    choices,
    secretSealed: sealed,
    after,
    at,
    origin: originOf(caller),
    idempotency: webhooks.secrets.keepAnswer(tenantId, idempotency, made),
  });
  if (result.kind === 'too-many') throw webhookLimit(`A tenant has at most ${MAX_ENDPOINTS} endpoints. Delete one first.`);
  if (result.kind === 'created') return { webhook: result.webhook, secret };
  const before = webhooks.secrets.openAnswer<Made>(tenantId, idempotency, result);
  const webhook = await store.webhooks.find({ tenantId, endpointId: before.endpointId });
  // What the key stands for was deleted since: this is another request.
  if (webhook === undefined) throw idempotencyKeyReused();
  return { webhook, secret: new Secret(before.secret) };
}

/** A URL that cannot be one, or that leads where webhooks may not. */
export async function requireTarget(webhooks: Webhooks, url: string): Promise<void> {
  const message = await webhooks.targets.findProblem(url);
  if (message !== undefined) throw fieldsInvalid([{ field: 'url', code: 'FIELD_INVALID', message }]);
}
