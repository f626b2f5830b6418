import { Type } from 'typebox';
import { eventId, toEvent } from '../../../domain/event.ts';
import type { ClientId } from '../../../domain/ids.ts';
import { EVENT_TYPES } from '../../../domain/journal.ts';
import { readEvents, readLatestEvents } from '../../../operations/journal/read-events.ts';
import { callerOf } from '../../auth.ts';
import { EventJson, eventIdParameter } from '../event-json.ts';
import { id, limitUpTo, listOf, ORDER, readQuery, time } from '../query.ts';
import { defineV1 } from '../route.ts';

const query = {
  order: ORDER,
  after: eventIdParameter('Those after this one. Left out: from the beginning.'),
  before: eventIdParameter('Those before this one: with `order=desc`, the `next` of the page before.'),
  limit: limitUpTo(1_000, 100),
  types: listOf(EVENT_TYPES, 'Only these types.'),
  clientId: id<ClientId>('Only those about this client.'),
  since: time('Only those from this time on.'),
};

export const listEventsRoute = defineV1({
  method: 'GET',
  path: '/v1/events',
  operationId: 'listEvents',
  tag: 'events',
  summary: 'What happened',
  description:
    'Keep the `next` of the last page and pass it as `after`: whoever goes on like that misses no event and gets none twice, however many are ' +
    'being made meanwhile. Each change of a record appends its event in its own transaction. With `order=desc` the latest come first, and `next` is for `before`.',
  query,
  answer: Type.Object({
    items: Type.Array(EventJson),
    next: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'For `after`, to get what follows; with `order=desc` for `before`. Null where there is nothing.',
    }),
    hasMore: Type.Boolean({ description: 'Whether more may be there already.' }),
  }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { store }) {
    const { order = 'asc', limit = 100, ...filter } = readQuery(request.query, query);
    const asked = { after: 0, ...filter, limit };
    const { items, readTo } = await (order === 'asc' ? readEvents : readLatestEvents)(store, callerOf(request), asked);
    return { items: items.map(toEvent), next: readTo === 0 ? null : eventId(readTo), hasMore: items.length === limit };
  },
});
