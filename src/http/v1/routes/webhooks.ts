import { type Static, Type } from 'typebox';
import { readEventId } from '../../../domain/event.ts';
import { fieldsInvalid } from '../../../domain/errors.ts';
import type { EndpointId } from '../../../domain/ids.ts';
import { EVENT_TYPES, type EventType } from '../../../domain/journal.ts';
import { readOptionalText } from '../../../domain/text.ts';
import { createWebhook } from '../../../operations/webhooks/create-webhook.ts';
import { deleteWebhook } from '../../../operations/webhooks/delete-webhook.ts';
import { getWebhook, listWebhooks } from '../../../operations/webhooks/read-webhooks.ts';
import { updateWebhook } from '../../../operations/webhooks/update-webhook.ts';
import { callerOf } from '../../auth.ts';
import { IDEMPOTENCY_HEADER, readIdempotency } from '../idempotency.ts';
import { id, readParams } from '../query.ts';
import { defineV1 } from '../route.ts';
import { SecretJson, toWebhook, WebhookJson } from '../webhook-json.ts';

export const params = { endpointId: id<EndpointId>('From the list.') };

export const Types = Type.Unsafe<EventType[] | null>({
  type: ['array', 'null'],
  'x-rule': 'eventTypes',
  items: { type: 'string', 'x-rule': 'eventType', enum: EVENT_TYPES },
  description: 'Only these types. Left out or null: all, and those that are yet to be invented.',
  examples: [['client.provisioned', 'client.terminated']],
});

const choices = {
  url: Type.String({
    'x-rule': 'webhookUrl',
    description: '`https://`, to a public address; anything else only where the operator allows it.',
    examples: ['https://billing.example.com/parley'],
  }),
  types: Type.Optional(Types),
  description: Type.Optional(
    Type.Unsafe<string | null>({ type: ['string', 'null'], 'x-rule': 'optionalText', description: 'Your own words.' }),
  ),
  enabled: Type.Optional(Type.Boolean({ 'x-rule': 'flag', description: 'Left out at the creation: true.' })),
};

const CreateBody = Type.Object(
  {
    ...choices,
    after: Type.Optional(
      Type.Unsafe<string | null>({
        type: ['string', 'null'],
        'x-rule': 'eventId',
        description: 'It is sent the events after this one. Left out: those to come.',
        examples: ['evt_0'],
      }),
    ),
  },
  { 'x-rule': 'object', additionalProperties: false },
);

export const createWebhookRoute = defineV1({
  method: 'POST',
  path: '/v1/webhooks',
  operationId: 'createWebhook',
  tag: 'webhooks',
  summary: 'Have events sent to a URL',
  description:
    'Answers with the secret that deliveries are signed with, this once. Each call makes another endpoint: send an `Idempotency-Key` to be able to repeat one. Needs the scope `admin`.',
  body: CreateBody,
  requestHeaders: IDEMPOTENCY_HEADER,
  answer: Type.Intersect([WebhookJson, Type.Object({ secret: SecretJson })]),
  errors: ['FIELD_REQUIRED', 'FIELD_INVALID', 'FIELDS_INVALID', 'WEBHOOK_LIMIT', 'IDEMPOTENCY_KEY_REUSED'],
  async handle(request, _reply, context) {
    const { url, types, description, enabled = true, after } = request.body as Static<typeof CreateBody>;
    const wish = { url, types: types ?? undefined, description: readOptionalText(description) ?? undefined, isEnabled: enabled };
    const { webhook, secret } = await createWebhook(context, callerOf(request), {
      choices: wish,
      after: after ? readEventId(after) : undefined,
      idempotency: readIdempotency(request),
    });
    return { ...toWebhook(webhook, context.now()), secret: secret.reveal() };
  },
});

export const listWebhooksRoute = defineV1({
  method: 'GET',
  path: '/v1/webhooks',
  operationId: 'listWebhooks',
  tag: 'webhooks',
  summary: 'Where events are sent',
  description: 'All of them, the oldest first; their number is limited. Secrets are in none of these.',
  answer: Type.Object({ items: Type.Array(WebhookJson), next: Type.Null() }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { store, now }) {
    return { items: (await listWebhooks(store, callerOf(request))).map((one) => toWebhook(one, now())), next: null };
  },
});

export const getWebhookRoute = defineV1({
  method: 'GET',
  path: '/v1/webhooks/:endpointId',
  operationId: 'getWebhook',
  tag: 'webhooks',
  summary: 'One endpoint, and how it is with it',
  description: 'Whether it is enabled and, where it is not, why; since when everything fails; up to where it was told.',
  params,
  answer: WebhookJson,
  errors: ['WEBHOOK_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { store, now }) {
    return toWebhook(await getWebhook(store, callerOf(request), readParams(request.params, params).endpointId), now());
  },
});

const UpdateBody = Type.Partial(Type.Object(choices), { 'x-rule': 'object', additionalProperties: false });

export const updateWebhookRoute = defineV1({
  method: 'PATCH',
  path: '/v1/webhooks/:endpointId',
  operationId: 'updateWebhook',
  tag: 'webhooks',
  summary: 'Change an endpoint, disable it, or enable it again',
  description:
    'What is left out stays. While it is disabled its events wait; when it is enabled again they are sent in order. A repeat is a success. Needs the scope `admin`.',
  params,
  body: UpdateBody,
  answer: WebhookJson,
  errors: ['WEBHOOK_NOT_FOUND', 'FIELD_REQUIRED', 'FIELD_INVALID', 'FIELDS_INVALID'],
  async handle(request, _reply, context) {
    const body = request.body as Static<typeof UpdateBody>;
    if (Object.keys(body).length === 0)
      throw fieldsInvalid([
        { field: 'enabled', code: 'FIELD_REQUIRED', message: 'or url, types or description: say what is to be changed' },
      ]);
    const changes = {
      ...(body.url !== undefined && { url: body.url }),
      ...('types' in body && { types: body.types ?? undefined }),
      ...('description' in body && { description: readOptionalText(body.description) ?? undefined }),
      ...(body.enabled !== undefined && { isEnabled: body.enabled }),
    };
    return toWebhook(
      await updateWebhook(context, callerOf(request), readParams(request.params, params).endpointId, changes),
      context.now(),
    );
  },
});

export const deleteWebhookRoute = defineV1({
  method: 'DELETE',
  path: '/v1/webhooks/:endpointId',
  operationId: 'deleteWebhook',
  tag: 'webhooks',
  summary: 'Send no more events there',
  description: 'Its deliveries and secrets are gone with it. To pause one, disable it. Needs the scope `admin`.',
  params,
  answer: Type.Object({ status: Type.Literal('success') }),
  errors: ['WEBHOOK_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, context) {
    await deleteWebhook(context, callerOf(request), readParams(request.params, params).endpointId);
    return { status: 'success' };
  },
});
