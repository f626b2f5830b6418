import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { ClientId, CompanyId } from '../../../domain/ids.ts';
import { listConferences, listUsage, MOST_LIVE } from '../../../operations/admission/list-conferences.ts';
import { callerOf } from '../../auth.ts';
import { LegJson, ParticipantJson, toCsv, toLeg, toParticipant, toTime } from '../leg-json.ts';
import { id, limitUpTo, oneOf, ORDER, readQuery, time } from '../query.ts';
import { Next } from '../record-json.ts';
import { defineV1 } from '../route.ts';

const filter = { clientId: id<ClientId>('Only this client.'), companyId: id<CompanyId>('Only this company.') };

export const listConferencesRoute = defineV1({
  method: 'GET',
  path: '/v1/conferences',
  operationId: 'listConferences',
  tag: 'admission',
  summary: 'Who is in a conference now',
  description:
    'As far as bridges tell who joins and leaves. Who was let in by a bridge that does not is in until the time that a conference may last is over.',
  query: filter,
  answer: Type.Object({
    items: Type.Array(
      Type.Object({
        conference: Type.String(),
        clientId: Type.Integer(),
        companyId: Type.Integer(),
        since: Type.String({ format: 'date-time' }),
        participants: Type.Array(ParticipantJson),
      }),
    ),
    hasMore: Type.Boolean({
      description: `There are more than ${MOST_LIVE} participants, and these are not all: ask for a company or a client.`,
    }),
  }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { desk }) {
    const { conferences, hasMore } = await listConferences(desk, callerOf(request), readQuery(request.query, filter));
    return {
      items: conferences.map(({ since, participants, ...conference }) => ({
        ...conference,
        since: toTime(since),
        participants: participants.map(toParticipant),
      })),
      hasMore,
    };
  },
});

const query = {
  order: ORDER,
  after: id('Those after this legId: the `next` of the page before.'),
  before: id('Those before this legId: with `order=desc`, the `next` of the page before.'),
  limit: limitUpTo(1_000, 100),
  ...filter,
  from: time('Only those let in from this time on.'),
  to: time('Only those let in before this time.'),
  format: oneOf(['json', 'csv'], 'CSV, also by `Accept: text/csv`: then the next page is in `X-Next`.'),
};

export const listUsageRoute = defineV1({
  method: 'GET',
  path: '/v1/usage',
  operationId: 'listUsage',
  tag: 'admission',
  summary: 'A record for each participant of each conference',
  description:
    'In the order in which they were let in, or with `order=desc` the latest first. Of a client that was erased the counts and times stay, and nothing of its callers.',
  query,
  answer: Type.Object({ items: Type.Array(LegJson), next: Next }),
  errors: ['FIELD_INVALID'],
  async handle(request, reply, { desk }) {
    const { order = 'asc', limit = 100, format, ...wanted } = readQuery(request.query, query);
    await desk.legs.flush();
    const found = await listUsage(desk.store, callerOf(request), { ...wanted, order, limit: limit + 1 });
    const items = found.slice(0, limit);
    const next = found.length > limit ? (items.at(-1)?.legId ?? null) : null;
    if ((format ?? acceptedFormat(request)) === 'json') return { items: items.map(toLeg), next };
    if (next !== null) void reply.header('x-next', String(next));
    return reply.header('content-type', 'text/csv; charset=utf-8').header('cache-control', 'no-store').send(toCsv(items));
  },
});

function acceptedFormat({ headers }: FastifyRequest): 'json' | 'csv' {
  return headers.accept?.includes('text/csv') ? 'csv' : 'json';
}
