import { Type } from 'typebox';
import { eventId, toEvent } from '../../../domain/event.ts';
import type { ClientId } from '../../../domain/ids.ts';
import { EVENT_TYPES } from '../../../domain/journal.ts';
import { readEvents } from '../../../operations/read-events.ts';
import { callerOf } from '../../auth.ts';
import { EventJson, eventIdParameter } from '../event-json.ts';
import { id, limitUpTo, listOf, readQuery, time } from '../query.ts';
import { defineV1 } from '../route.ts';

const query = {
  after: eventIdParameter('Those after this one. Left out: from the beginning.'),
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
  summary: 'What happened, oldest first',
  description:
    'Keep the `next` of the last page and pass it as `after`: whoever goes on like that misses no event and gets none twice, however many are ' +
    'being made meanwhile. Each change of a record appends its event in its own transaction.',
  query,
  answer: Type.Object({
    items: Type.Array(EventJson),
    next: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'For `after`, to get what follows. Null where there is nothing yet.',
    }),
    hasMore: Type.Boolean({ description: 'Whether more may be there already.' }),
  }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { store }) {
    const { after = 0, limit = 100, ...filter } = readQuery(request.query, query);
    const { items, readTo } = await readEvents(store, callerOf(request), { ...filter, after, limit });
    return { items: items.map(toEvent), next: readTo === 0 ? null : eventId(readTo), hasMore: items.length === limit };
  },
});
