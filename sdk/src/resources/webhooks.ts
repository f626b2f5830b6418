import type { Answer, Body, Query } from '../operation.ts';
import { type PageOptions, readAll, readPage } from '../pages.ts';
import { type CallOptions, drawId, type Sender } from '../sender.ts';
import { act, type IdempotentOptions } from './act.ts';
import type { EventType } from './events.ts';

export type Webhook = Answer<'getWebhook'>;
/** With the secret, which is shown this once. */
export type CreatedWebhook = Answer<'createWebhook'>;
export type RotatedSecret = Answer<'rotateWebhookSecret'>;
/** What the receiver of a ping said. */
export type PingResult = Answer<'pingWebhook'>;
export type DeliveryPage = Answer<'listDeliveries'>;
export type Delivery = DeliveryPage['items'][number];

export type WebhookRecord = Body<'createWebhook'>;
export type WebhookChanges = Body<'updateWebhook'>;

export interface RotateSecretOptions extends IdempotentOptions {
  /** How long deliveries are signed with the old secret as well: a day. */
  overlapSeconds?: number | undefined;
}

export interface ReplayRange {
  /** Those after this event; `evt_0` for all. This or `since`. */
  after?: string | undefined;
  since?: Date | string | undefined;
  until?: Date | string | undefined;
  types?: readonly EventType[] | undefined;
}

export interface DeliveryFilter extends Omit<Query<'listDeliveries'>, 'limit'>, PageOptions {}

/** Where events are sent. What arrives there is checked with `verifyWebhook`. */
export class Webhooks {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Has events sent to a URL. Keep the `secret`: it is shown this once. Refused with `FIELD_INVALID`, `WEBHOOK_LIMIT`. */
  async create(record: WebhookRecord, { idempotencyKey = drawId(), ...options }: IdempotentOptions = {}): Promise<CreatedWebhook> {
    return act(this.#sender, { method: 'POST', path: '/v1/webhooks', body: record, idempotencyKey }, options);
  }

  /** All of them, the oldest first. */
  list(options: CallOptions = {}): AsyncGenerator<Webhook, void, undefined> {
    return readAll<Webhook, number>(undefined, () => readPage(this.#sender, '/v1/webhooks', options));
  }

  /** One endpoint, and how it is with it. Refused with `WEBHOOK_NOT_FOUND`. */
  async get(endpointId: number, options?: CallOptions): Promise<Webhook> {
    return readPage(this.#sender, pathOf(endpointId), { ...options });
  }

  /** Changes what is given; `{ enabled: true }` after it was disabled sends what has waited, in order. Refused with `WEBHOOK_NOT_FOUND`. */
  async update(endpointId: number, changes: WebhookChanges, options?: CallOptions): Promise<Webhook> {
    return act(this.#sender, { method: 'PATCH', path: pathOf(endpointId), body: changes }, options);
  }

  /** Sends no more there, and forgets its deliveries. Refused with `WEBHOOK_NOT_FOUND`, which a repeat after a lost answer also may be. */
  async delete(endpointId: number, options?: CallOptions): Promise<void> {
    await act(this.#sender, { method: 'DELETE', path: pathOf(endpointId) }, options);
  }

  /** Another secret, shown this once; the old one is valid until `previousSecretUntil`. Refused with `WEBHOOK_NOT_FOUND`. */
  async rotateSecret(
    endpointId: number,
    { overlapSeconds, idempotencyKey = drawId(), ...options }: RotateSecretOptions = {},
  ): Promise<RotatedSecret> {
    const body = { ...(overlapSeconds !== undefined && { overlapSeconds }) };
    return act(this.#sender, { method: 'POST', path: pathOf(endpointId, '/rotate-secret'), body: body, idempotencyKey }, options);
  }

  /** Sends a signed `webhook.ping` now, and answers with what the receiver said; `delivered` is how it went. */
  async ping(endpointId: number, options?: CallOptions): Promise<PingResult> {
    return act(this.#sender, { method: 'POST', path: pathOf(endpointId, '/ping') }, options);
  }

  /** Sends events again, with the same `webhook-id` as before. Refused with `WEBHOOK_NOT_FOUND`, `WEBHOOK_LIMIT`. */
  async replay(endpointId: number, range: ReplayRange, { idempotencyKey = drawId(), ...options }: IdempotentOptions = {}): Promise<void> {
    await act(this.#sender, { method: 'POST', path: pathOf(endpointId, '/replay'), body: range, idempotencyKey }, options);
  }

  /** What was sent and what was answered, newest first, page after page. */
  deliveries(endpointId: number, filter: DeliveryFilter = {}): AsyncGenerator<Delivery, void, undefined> {
    return readAll(filter.before, (before) => this.deliveryPage(endpointId, { ...filter, before }));
  }

  /** One page; `next` is for `before`. */
  deliveryPage(endpointId: number, filter: DeliveryFilter = {}): Promise<DeliveryPage> {
    return readPage(this.#sender, pathOf(endpointId, '/deliveries'), filter);
  }

  /** Sends one delivery again, as soon as it is its client's turn. Refused with `DELIVERY_NOT_FOUND`. */
  async retryDelivery(deliveryId: number, options?: CallOptions): Promise<void> {
    await act(this.#sender, { method: 'POST', path: `/v1/webhooks/deliveries/${encodeURIComponent(deliveryId)}/retry` }, options);
  }
}

function pathOf(endpointId: number, action = ''): string {
  return `/v1/webhooks/${encodeURIComponent(endpointId)}${action}`;
}
