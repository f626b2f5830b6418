import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../../domain/caller.ts';
import { fieldsInvalid, overloaded } from '../../../domain/errors.ts';
import { eventId, readEventId, toEvent } from '../../../domain/event.ts';
import type { ClientId } from '../../../domain/ids.ts';
import { EVENT_TYPES } from '../../../domain/journal.ts';
import { type EventQuery, findLastEvent, readEvents } from '../../../operations/journal/read-events.ts';
import { callerOf, reauthenticate } from '../../auth.ts';
import { eventIdParameter } from '../event-json.ts';
import { id, listOf, readQuery } from '../query.ts';
import { defineV1, type V1Context } from '../route.ts';

/** G8. Each holds a connection and nothing else. */
const MAX_STREAMS = 1_000;
const PAGE = 100;
/** Proxies close what has been silent for a minute or so. */
const HEARTBEAT_MS = 15_000;

const query = {
  after: eventIdParameter(
    'Those after this one, then what is to come. The header `Last-Event-ID` says the same, and comes first. Left out: what is to come.',
  ),
  types: listOf(EVENT_TYPES, 'Only these types.'),
  clientId: id<ClientId>('Only those about this client.'),
};

let open = 0;

export const streamEventsRoute = defineV1({
  method: 'GET',
  path: '/v1/events/stream',
  operationId: 'streamEvents',
  tag: 'events',
  summary: 'What happens, as it happens',
  description:
    'Server-sent events: `id` and `event` are the id and type of an event, `data` is the event as `GET /v1/events` has it. A browser that reconnects goes on ' +
    'after its `Last-Event-ID` and misses nothing. The stream ends when the token ends or the server stops: connect again.',
  query,
  requestHeaders: { 'Last-Event-ID': 'The id of the last event that was received.' },
  answer: undefined,
  errors: ['FIELD_INVALID'],
  async handle(request, reply, context) {
    const { after, ...filter } = readQuery(request.query, query);
    const caller = callerOf(request);
    // A reader that reconnects sends its first `after` again, and has come further.
    const from = readLastEventId(request) ?? after ?? (await findLastEvent(context.store, caller));
    if (open >= MAX_STREAMS) throw overloaded();
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would gather events until a buffer is full.
      'x-accel-buffering': 'no',
    });
    open++;
    try {
      await stream(request, reply.raw, caller, { ...filter, after: from, limit: PAGE }, context);
    } finally {
      open--;
      reply.raw.end();
    }
    return reply;
  },
});

/** Sends what there is, waits for more, and never holds more than a page that the reader has not taken. */
async function stream(
  request: FastifyRequest,
  response: ServerResponse,
  caller: Caller,
  asked: EventQuery,
  { store, authenticator, journalWatch, load }: V1Context,
): Promise<void> {
  let { after } = asked;
  let lastSentAt = performance.now();
  const watch = journalWatch.watch(caller.tenant.tenantId);
  const write = (text: string): void => {
    response.write(text);
    lastSentAt = performance.now();
  };
  try {
    // An id without data is no event: it tells a reader where it is that is cut off before its first.
    write(`: connected\nid: ${eventId(after)}\n\n`);
    while (!response.destroyed && !load.isStopping && (await reauthenticate(request, authenticator))) {
      // While the store is away the stream stays open, and goes on where it was.
      const { items, readTo } = await readEvents(store, caller, { ...asked, after }).catch(() => ({ items: [], readTo: after }));
      after = readTo;
      for (const event of items) write(`id: ${eventId(event.seq)}\nevent: ${event.type}\ndata: ${JSON.stringify(toEvent(event))}\n\n`);
      if (performance.now() - lastSentAt > HEARTBEAT_MS) write(`: still here\nid: ${eventId(after)}\n\n`);
      if (response.writableNeedDrain) await Promise.race([once(response, 'drain'), once(response, 'close')]);
      else if (items.length < PAGE) await watch.next();
    }
  } finally {
    watch.close();
  }
}

function readLastEventId({ headers }: FastifyRequest): number | undefined {
  const given = headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  const seq = typeof given === 'string' ? readEventId(given) : undefined;
  if (seq !== undefined) return seq;
  throw fieldsInvalid([{ field: 'Last-Event-ID', code: 'FIELD_INVALID', message: 'must be the id of an event, such as evt_120' }]);
}
