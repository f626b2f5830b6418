import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ClientId } from '../../domain/ids.ts';
import { EVENT_TYPES, type EventType } from '../../domain/journal.ts';
import type { JournalEntry } from '../../store/journal.ts';
import type { Store } from '../../store/store.ts';

export interface LatestQuery {
  /** Between these two, neither of them included. */
  after?: number | undefined;
  before?: number | undefined;
  since?: number | undefined;
  types?: readonly EventType[] | undefined;
  clientId?: ClientId | undefined;
  limit: number;
}

export interface EventQuery extends LatestQuery {
  /** The last one that the reader has; it gets those after it. */
  after: number;
}

export interface EventPage {
  items: JournalEntry[];
  /** Up to here everything was looked at: the reader goes on from it. */
  readTo: number;
}

/**
 * What happened to the tenant's records, oldest first. Entries are numbered in the order in which they were committed: a reader that goes on
 * after `readTo` misses none and gets none twice. Changes nothing.
 */
export async function readEvents(store: Store, caller: Caller, { types = EVENT_TYPES, ...query }: EventQuery): Promise<EventPage> {
  requireScope(caller, 'read');
  const { tenantId } = caller.tenant;
  // Read first: what is appended meanwhile belongs to the next page, however few of this one's pass the filter.
  const { seq: head } = await store.findJournalHead(tenantId);
  const end = Math.min(query.before ?? Infinity, head + 1);
  const items = await store.readJournal({ ...query, types, tenantId, before: end, order: 'asc' });
  const isWhole = items.length < query.limit;
  return { items, readTo: isWhole ? Math.max(end - 1, query.after) : (items.at(-1) as JournalEntry).seq };
}

/** The same, the latest first: a reader that goes on before `readTo`, which is 0 at the beginning, gets none twice. Changes nothing. */
export async function readLatestEvents(store: Store, caller: Caller, { types = EVENT_TYPES, ...query }: LatestQuery): Promise<EventPage> {
  requireScope(caller, 'read');
  const items = await store.readJournal({ ...query, types, tenantId: caller.tenant.tenantId, order: 'desc' });
  return { items, readTo: items.length < query.limit ? 0 : (items.at(-1) as JournalEntry).seq };
}

/** The number of the newest entry: where a reader starts that wants only what is to come. */
export async function findLastEvent(store: Store, caller: Caller): Promise<number> {
  requireScope(caller, 'read');
  return (await store.findJournalHead(caller.tenant.tenantId)).seq;
}
