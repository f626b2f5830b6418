import { type Caller, requireScope } from '../../domain/caller.ts';
import { webhookNotFound } from '../../domain/errors.ts';
import type { EndpointId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import { Secret } from '../../domain/secret.ts';
import type { IdempotencyKey } from '../../store/idempotency.ts';
import type { WebhookParts } from './create-webhook.ts';

interface Rotated {
  secret: string;
  previousUntil: number;
}

/**
 * Gives an endpoint another secret and returns it for the only time; deliveries are signed with both until the overlap is over. Each call
 * makes another, except that the same Idempotency-Key gets the same answer for 24 hours. At most two are valid: a rotation within the
 * overlap of the one before ends the oldest.
 */
export async function rotateWebhookSecret(
  { store, webhooks, now }: WebhookParts,
  caller: Caller,
  endpointId: EndpointId,
  { overlapMs, idempotency }: { overlapMs: number; idempotency: IdempotencyKey | undefined },
): Promise<{ secret: Secret; previousUntil: number }> {
  requireScope(caller, 'admin');
  const { tenantId } = caller.tenant;
  const { secret, sealed } = webhooks.secrets.issue(tenantId, endpointId);
  const at = now();
  const previousUntil = at + overlapMs;
  const answer: Rotated = { secret: secret.reveal(), previousUntil };
  const result = await store.webhooks.rotateSecret({
    tenantId,
    endpointId,
    secretSealed: sealed,
    previousUntil,
    at,
    origin: originOf(caller),
    idempotency: webhooks.secrets.keepAnswer(tenantId, idempotency, answer),
  });
  if (result.kind === 'not-found') throw webhookNotFound();
  if (result.kind === 'rotated') return { secret, previousUntil };
  const before = webhooks.secrets.openAnswer<Rotated>(tenantId, idempotency, result);
  return { secret: new Secret(before.secret), previousUntil: before.previousUntil };
}
