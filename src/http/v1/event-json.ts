import { Type } from 'typebox';
import { EVENT_ID, readEventId, toEvent } from '../../domain/event.ts';
import { ENTRY_TYPES, EVENT_TYPES } from '../../domain/journal.ts';
import type { JournalEntry } from '../../store/journal.ts';
import type { Parameter } from './query.ts';

export function eventIdParameter(description: string): Parameter<number> {
  return {
    description,
    schema: { type: 'string', pattern: EVENT_ID.source, examples: ['evt_120'] },
    expects: 'must be the id of an event, such as evt_120',
    read: readEventId,
  };
}

const Id = Type.String({ description: 'Unique within the tenant, and in the order of what happened.', examples: ['evt_120'] });
const At = Type.String({ format: 'date-time', examples: ['2026-01-31T12:00:00.000Z'] });
const Nullable = (description: string) => Type.Unsafe<number | null>({ type: ['integer', 'null'], description });
const Data = Type.Unsafe<object>({
  type: 'object',
  description: "The caller's own ids, and which fields changed: never their values, and nothing about a person.",
  examples: [{ externalId: 100, changed: ['client.email'] }],
});

export const EventJson = Type.Object({
  id: Id,
  type: Type.Unsafe<string>({ type: 'string', enum: EVENT_TYPES }),
  at: At,
  clientId: Nullable('The client that it is about, if any.'),
  companyId: Nullable('The company that it is about, if any.'),
  requestId: Type.String({ description: 'The `X-Request-Id` of the request that did it.' }),
  data: Data,
});

export const AuditJson = Type.Object({
  id: Id,
  type: Type.Unsafe<string>({ type: 'string', enum: ENTRY_TYPES }),
  at: At,
  actor: Type.Object({
    kind: Type.Unsafe<string>({ type: 'string', enum: ['token', 'operator', 'system', 'client'] }),
    tokenId: Type.Optional(Type.Integer()),
    tokenName: Type.Optional(Type.String()),
    clientId: Type.Optional(Type.Integer({ description: 'Of a host who signed in.' })),
  }),
  clientId: Nullable('The client that it is about, if any.'),
  companyId: Nullable('The company that it is about, if any.'),
  requestId: Type.String({ description: 'The `X-Request-Id` of the request that did it.' }),
  data: Data,
  changes: Type.Unsafe<object>({
    type: ['object', 'null'],
    description: 'Before and after, by path. Passwords and pass codes are `***`. Null where there are none, or where they were erased.',
    additionalProperties: { type: 'object', properties: { before: {}, after: {} } },
    examples: [{ 'client.email': { before: 'old@example.com', after: 'me@example.com' } }],
  }),
});

export function toAudit(entry: JournalEntry): object {
  const { details } = entry;
  const changes = details && Object.fromEntries(Object.entries(details).map(([path, [before, after]]) => [path, { before, after }]));
  const { data, ...event } = toEvent(entry) as { data: object };
  return {
    ...event,
    actor: toActor(entry),
    data,
    changes: changes ?? null,
  };
}

function toActor({ actor, tokenName }: JournalEntry): object {
  const [kind, id] = actor.split(':');
  if (kind === 'client') return { kind, clientId: Number(id) };
  if (kind !== 'token') return { kind };
  return { kind, tokenId: Number(id), ...(tokenName !== undefined && { tokenName }) };
}
