import { type Caller, requireScope } from '../../domain/caller.ts';
import { webhookLimit, webhookNotFound } from '../../domain/errors.ts';
import type { EndpointId } from '../../domain/ids.ts';
import type { EventType } from '../../domain/journal.ts';
import { MAX_REPLAYS } from '../../domain/webhook.ts';
import type { IdempotencyKey } from '../../store/idempotency.ts';
import type { WebhookParts } from './create-webhook.ts';

export interface ReplayWish {
  /** Those after this one... */
  after: number | undefined;
  /** ...and not older, and not younger, than these times. */
  since: number | undefined;
  until: number | undefined;
  types: readonly EventType[] | undefined;
  idempotency: IdempotencyKey | undefined;
}

/**
 * Sends an endpoint its events once more, in order, after what waits for it already; those that wait are not doubled. Each call is another replay, but for those with the same Idempotency-Key.
 */
export async function replayWebhook(
  { store, webhooks, now }: WebhookParts,
  caller: Caller,
  endpointId: EndpointId,
  { after = 0, since = 0, until = Number.MAX_SAFE_INTEGER, types, idempotency }: ReplayWish,
): Promise<void> {
  requireScope(caller, 'admin');
  const { tenantId } = caller.tenant;
  const result = await store.webhooks.replay({
    tenantId,
    endpointId,
    after,
    since,
    until,
    types,
    at: now(),
    idempotency: webhooks.secrets.keepAnswer(tenantId, idempotency, {}),
  });
  if (result.kind === 'not-found') throw webhookNotFound();
  if (result.kind === 'too-many')
    throw webhookLimit(`An endpoint has at most ${MAX_REPLAYS} replays under way. Repeat this when one has ended.`);
  if (result.kind === 'answered') webhooks.secrets.openAnswer(tenantId, idempotency, result);
}
