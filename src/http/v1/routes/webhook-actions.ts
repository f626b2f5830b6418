import { type Static, Type } from 'typebox';
import { STANDARD_OVERLAP_SECONDS } from '../../../domain/webhook.ts';
import { pingWebhook } from '../../../operations/webhooks/ping-webhook.ts';
import { replayWebhook } from '../../../operations/webhooks/replay-webhook.ts';
import { rotateWebhookSecret } from '../../../operations/webhooks/rotate-webhook-secret.ts';
import { readEventId } from '../../../domain/event.ts';
import { fieldsInvalid } from '../../../domain/errors.ts';
import { readTime } from '../../../domain/text.ts';
import { callerOf } from '../../auth.ts';
import { IDEMPOTENCY_HEADER, readIdempotency } from '../idempotency.ts';
import { readParams } from '../query.ts';
import { defineV1 } from '../route.ts';
import { AttemptJson, SecretJson, toAttempt } from '../webhook-json.ts';
import { params, Types } from './webhooks.ts';

const RotateBody = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Unsafe<number | null>({
        type: ['integer', 'null'],
        'x-rule': 'secretOverlap',
        description: `How long deliveries are signed with the old secret as well, 0 to 604800 (7 days). Left out: ${STANDARD_OVERLAP_SECONDS}.`,
        examples: [STANDARD_OVERLAP_SECONDS],
      }),
    ),
  },
  { 'x-rule': 'object', additionalProperties: false },
);

export const rotateWebhookSecretRoute = defineV1({
  method: 'POST',
  path: '/v1/webhooks/:endpointId/rotate-secret',
  operationId: 'rotateWebhookSecret',
  tag: 'webhooks',
  summary: 'Another secret for an endpoint',
  description:
    'Shown this once. Until `previousSecretUntil` each delivery has a signature by the new one and one by the old one. Each call makes another: send an `Idempotency-Key` to be ' +
    'able to repeat one. Needs the scope `admin`.',
  params,
  body: RotateBody,
  requestHeaders: IDEMPOTENCY_HEADER,
  answer: Type.Object({ endpointId: Type.Integer(), secret: SecretJson, previousSecretUntil: Type.String({ format: 'date-time' }) }),
  errors: ['WEBHOOK_NOT_FOUND', 'FIELD_INVALID', 'IDEMPOTENCY_KEY_REUSED'],
  async handle(request, _reply, context) {
    const { endpointId } = readParams(request.params, params);
    const { overlapSeconds } = request.body as Static<typeof RotateBody>;
    const overlapMs = (overlapSeconds ?? STANDARD_OVERLAP_SECONDS) * 1_000;
    const wish = { overlapMs, idempotency: readIdempotency(request) };
    const { secret, previousUntil } = await rotateWebhookSecret(context, callerOf(request), endpointId, wish);
    return { endpointId, secret: secret.reveal(), previousSecretUntil: new Date(previousUntil).toISOString() };
  },
});

export const pingWebhookRoute = defineV1({
  method: 'POST',
  path: '/v1/webhooks/:endpointId/ping',
  operationId: 'pingWebhook',
  tag: 'webhooks',
  summary: 'Send a test event now',
  description:
    'One signed `webhook.ping`, whose receiver has 15 seconds, and what it answered: 200 here says that the test was made, and `delivered` how it went. Also to an endpoint that is ' +
    'disabled. Needs the scope `admin`.',
  params,
  answer: AttemptJson,
  errors: ['WEBHOOK_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, context) {
    return toAttempt(await pingWebhook(context, callerOf(request), readParams(request.params, params).endpointId));
  },
});

const optionalTime = (description: string) =>
  Type.Optional(
    Type.Unsafe<string | null>({ type: ['string', 'null'], 'x-rule': 'time', description, examples: ['2026-01-31T00:00:00Z'] }),
  );

const ReplayBody = Type.Object(
  {
    after: Type.Optional(
      Type.Unsafe<string | null>({
        type: ['string', 'null'],
        'x-rule': 'eventId',
        description: 'Those after this event. `evt_0`: from the beginning.',
        examples: ['evt_120'],
      }),
    ),
    since: optionalTime('Those from this time on.'),
    until: optionalTime('Those up to this time. Left out: up to now.'),
    types: Type.Optional(Types),
  },
  { 'x-rule': 'object', additionalProperties: false },
);

export const replayWebhookRoute = defineV1({
  method: 'POST',
  path: '/v1/webhooks/:endpointId/replay',
  operationId: 'replayWebhook',
  tag: 'webhooks',
  summary: 'Send events again',
  description:
    'Of the types that the endpoint wants, in order, after what waits for it already, with the same `webhook-id` as before. Say where to begin: `after` or `since`. Needs the scope `admin`.',
  params,
  body: ReplayBody,
  requestHeaders: IDEMPOTENCY_HEADER,
  answer: Type.Object({ status: Type.Literal('success') }),
  errors: ['WEBHOOK_NOT_FOUND', 'FIELD_REQUIRED', 'FIELD_INVALID', 'WEBHOOK_LIMIT', 'IDEMPOTENCY_KEY_REUSED'],
  async handle(request, _reply, context) {
    const { after, since, until, types } = request.body as Static<typeof ReplayBody>;
    if (!after && !since)
      throw fieldsInvalid([{ field: 'after', code: 'FIELD_REQUIRED', message: 'or since is required: where to begin' }]);
    await replayWebhook(context, callerOf(request), readParams(request.params, params).endpointId, {
      after: after ? readEventId(after) : undefined,
      since: since ? readTime(since) : undefined,
      until: until ? readTime(until) : undefined,
      types: types ?? undefined,
      idempotency: readIdempotency(request),
    });
    return { status: 'success' };
  },
});
