import { Type } from 'typebox';
import { eventId } from '../../domain/event.ts';
import { EVENT_TYPES } from '../../domain/journal.ts';
import { type Attempt, type Delivery, DELIVERY_STATES, messageId, type Webhook } from '../../domain/webhook.ts';
import type { EndpointId } from '../../domain/ids.ts';

const Time = Type.String({ format: 'date-time', examples: ['2026-01-31T12:00:00.000Z'] });
const NullableTime = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description });
const NullableText = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description });
const NullableNumber = (description: string) => Type.Unsafe<number | null>({ type: ['integer', 'null'], description });
const EndpointIdJson = Type.Integer({ examples: [84729384729384] });

export const WebhookJson = Type.Object({
  endpointId: EndpointIdJson,
  url: Type.String({ examples: ['https://billing.example.com/parley'] }),
  types: Type.Unsafe<string[] | null>({
    type: ['array', 'null'],
    items: { type: 'string', enum: EVENT_TYPES },
    description: 'Null: all, and those that are yet to be invented.',
  }),
  description: NullableText('Your own words.'),
  enabled: Type.Boolean(),
  disabledReason: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    enum: ['caller', 'gone', 'failing', null],
    description: '`caller`: somebody disabled it. `gone`: the receiver answered 410. `failing`: every attempt failed for five days.',
  }),
  disabledAt: NullableTime('Since when it is disabled.'),
  failingSince: NullableTime('Every attempt since then has failed.'),
  previousSecretUntil: NullableTime('Until then deliveries are also signed with the secret before this one. Null where that is over.'),
  readTo: Type.String({ description: 'The last event that was looked at for it.', examples: ['evt_120'] }),
  createdAt: Time,
  updatedAt: Time,
});

export const SecretJson = Type.String({
  description: 'What deliveries are signed with. Shown this once: keep it.',
  examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
});

export function toWebhook(webhook: Webhook, now: number): object {
  const {
    endpointId,
    url,
    types,
    description,
    isEnabled,
    disabledReason,
    disabledAt,
    failingSince,
    createdAt,
    updatedAt,
    previousSecretUntil,
  } = webhook;
  return {
    endpointId,
    url,
    types: types ?? null,
    description: description ?? null,
    enabled: isEnabled,
    disabledReason: disabledReason ?? null,
    disabledAt: toTime(disabledAt),
    failingSince: toTime(failingSince),
    previousSecretUntil: toTime(previousSecretUntil !== undefined && previousSecretUntil > now ? previousSecretUntil : undefined),
    readTo: eventId(webhook.readTo),
    createdAt: toTime(createdAt),
    updatedAt: toTime(updatedAt),
  };
}

const attemptFields = {
  status: NullableNumber('What the receiver answered. Null where no answer came.'),
  error: NullableText('Why it did not arrive.'),
  excerpt: NullableText('The beginning of what the receiver said.'),
  durationMs: NullableNumber('How long it took.'),
};

export const AttemptJson = Type.Object({ delivered: Type.Boolean(), ...attemptFields });

export function toAttempt({ outcome, status, error, excerpt, durationMs }: Attempt): object {
  return { delivered: outcome === 'delivered', status: status ?? null, error: error ?? null, excerpt: excerpt ?? null, durationMs };
}

export const DeliveryJson = Type.Object({
  deliveryId: Type.Integer(),
  eventId: Type.String({ examples: ['evt_120'] }),
  messageId: Type.String({ description: 'The header `webhook-id`: the same for every attempt and every replay of the event.' }),
  type: Type.Unsafe<string>({ type: 'string', enum: EVENT_TYPES }),
  clientId: NullableNumber('The client that the event is about, if any. Of one client the next waits for the one before.'),
  state: Type.Unsafe<string>({ type: 'string', enum: DELIVERY_STATES, description: 'Failed: given up after the last attempt.' }),
  replay: Type.Boolean(),
  attempts: Type.Integer(),
  nextAttemptAt: NullableTime('Null where it is settled, or waits for an earlier one of the same client.'),
  lastAttempt: Type.Unsafe<object | null>({
    type: ['object', 'null'],
    required: ['at', ...Object.keys(attemptFields)],
    properties: { at: Time, ...attemptFields },
    description: 'Null where there was none yet.',
  }),
  createdAt: Time,
});

export function toDelivery(endpointId: EndpointId, delivery: Delivery): object {
  const { deliveryId, seq, type, clientId, state, isReplay, attempts, nextAt, attemptedAt, status, error, excerpt, durationMs } = delivery;
  const answer = { status: status ?? null, error: error ?? null, excerpt: excerpt ?? null, durationMs: durationMs ?? null };
  return {
    deliveryId,
    eventId: eventId(seq),
    messageId: messageId(endpointId, seq),
    type,
    clientId: clientId ?? null,
    state,
    replay: isReplay,
    attempts,
    nextAttemptAt: toTime(nextAt),
    lastAttempt: attemptedAt === undefined ? null : { at: toTime(attemptedAt), ...answer },
    createdAt: toTime(delivery.createdAt),
  };
}

const toTime = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
