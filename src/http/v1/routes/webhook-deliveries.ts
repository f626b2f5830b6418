import { Type } from 'typebox';
import type { ClientId } from '../../../domain/ids.ts';
import { DELIVERY_STATES } from '../../../domain/webhook.ts';
import { listDeliveries } from '../../../operations/webhooks/list-deliveries.ts';
import { retryDelivery } from '../../../operations/webhooks/retry-delivery.ts';
import { callerOf } from '../../auth.ts';
import { id, limitUpTo, oneOf, readParams, readQuery } from '../query.ts';
import { Next } from '../record-json.ts';
import { defineV1 } from '../route.ts';
import { DeliveryJson, toDelivery } from '../webhook-json.ts';
import { params } from './webhooks.ts';

const query = {
  state: oneOf(DELIVERY_STATES, 'Only these.'),
  clientId: id<ClientId>('Only those about this client.'),
  before: id('The `next` of the page before.'),
  limit: limitUpTo(200, 50),
};

export const listDeliveriesRoute = defineV1({
  method: 'GET',
  path: '/v1/webhooks/:endpointId/deliveries',
  operationId: 'listDeliveries',
  tag: 'webhooks',
  summary: 'What was sent, and what was answered',
  description: 'Newest first. What has arrived or was given up is forgotten after 30 days.',
  params,
  query,
  answer: Type.Object({
    items: Type.Array(DeliveryJson),
    next: { ...Next, description: 'For `before`, to get the next page. Null where this was the last.' },
  }),
  errors: ['WEBHOOK_NOT_FOUND', 'FIELD_INVALID', 'FIELDS_INVALID'],
  async handle(request, _reply, { store }) {
    const { endpointId } = readParams(request.params, params);
    const { limit = 50, ...filter } = readQuery(request.query, query);
    const found = await listDeliveries(store, callerOf(request), endpointId, { ...filter, limit: limit + 1 });
    const items = found.slice(0, limit);
    return {
      items: items.map((delivery) => toDelivery(endpointId, delivery)),
      next: found.length > limit ? items.at(-1)?.deliveryId : null,
    };
  },
});

const deliveryParams = { deliveryId: id('From the list of deliveries.') };

export const retryDeliveryRoute = defineV1({
  method: 'POST',
  path: '/v1/webhooks/deliveries/:deliveryId/retry',
  operationId: 'retryDelivery',
  tag: 'webhooks',
  summary: 'Send one delivery again',
  description:
    "Now, or as soon as it is its client's turn: one that waits for its next attempt, was given up, or has arrived. A repeat is a success. Needs the scope `admin`.",
  params: deliveryParams,
  answer: Type.Object({ status: Type.Literal('success') }),
  errors: ['DELIVERY_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { store, now }) {
    await retryDelivery(store, callerOf(request), readParams(request.params, deliveryParams).deliveryId, now());
    return { status: 'success' };
  },
});
