import { Type } from 'typebox';
import { eventId } from '../../../domain/event.ts';
import type { ClientId } from '../../../domain/ids.ts';
import { ENTRY_TYPES } from '../../../domain/journal.ts';
import { readAudit } from '../../../operations/journal/read-audit.ts';
import { callerOf } from '../../auth.ts';
import { AuditJson, eventIdParameter, toAudit } from '../event-json.ts';
import { id, limitUpTo, listOf, readQuery, time } from '../query.ts';
import { defineV1 } from '../route.ts';

const query = {
  before: eventIdParameter('Those before this one: the `next` of the page before.'),
  limit: limitUpTo(1_000, 100),
  types: listOf(ENTRY_TYPES, 'Only these types.'),
  clientId: id<ClientId>('Only those about this client.'),
  since: time('Only those from this time on.'),
};

export const listAuditRoute = defineV1({
  method: 'GET',
  path: '/v1/audit',
  operationId: 'listAudit',
  tag: 'audit',
  summary: 'Who did what, newest first',
  description:
    'Who deactivated client 10000000: `?clientId=10000000&types=client.deactivated&limit=1`. Every entry is chained to the one before it by its hash, so that an entry ' +
    'that was changed or removed in the database is found by `parley audit verify`. Needs the scope `admin`.',
  query,
  answer: Type.Object({
    items: Type.Array(AuditJson),
    next: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'For `before`, to get older ones. Null where there are none.',
    }),
  }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { store }) {
    const { limit = 100, ...filter } = readQuery(request.query, query);
    const found = await readAudit(store, callerOf(request), { ...filter, limit: limit + 1 });
    const items = found.slice(0, limit);
    return { items: items.map(toAudit), next: found.length > limit ? eventId(items.at(-1)?.seq as number) : null };
  },
});
