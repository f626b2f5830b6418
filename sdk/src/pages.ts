import type { CallOptions, Call, Sender } from './sender.ts';

/** A page of a list. `next` is for `after` (where the latest come first, for `before`), and null where this was the last. */
export interface Page<Item, Place = number> {
  items: Item[];
  next: Place | null;
}

export interface PageOptions extends CallOptions {
  /** How many in each request. The server has its own standard and maximum. */
  pageSize?: number | undefined;
}

export function readPage<P>(
  sender: Sender,
  path: string,
  { signal, timeoutMs, retries, requestId, pageSize, ...filter }: PageOptions,
): Promise<P> {
  const call: Call = { method: 'GET', path, query: { ...filter, limit: pageSize }, isRepeatable: true };
  return sender.send<P>(call, { signal, timeoutMs, retries, requestId }).then(({ body }) => body);
}

/** Asks for a page when the one before has been read. */
export async function* readAll<Item, Place>(
  first: Place | undefined,
  read: (place: Place | undefined) => Promise<Page<Item, Place> & { hasMore?: boolean }>,
): AsyncGenerator<Item, void, undefined> {
  for (let place = first; ;) {
    const { items, next, hasMore = next !== null } = await read(place);
    yield* items;
    if (!hasMore || next === null) return;
    place = next;
  }
}

interface Ordered<Place> {
  order?: 'asc' | 'desc' | undefined;
  after?: Place | undefined;
  before?: Place | undefined;
}

/** The same of a list that can be read from either end. */
export function readAllInOrder<Item, Place, Filter extends Ordered<Place>>(
  filter: Filter,
  read: (filter: Filter) => Promise<Page<Item, Place> & { hasMore?: boolean }>,
): AsyncGenerator<Item, void, undefined> {
  const side = filter.order === 'desc' ? 'before' : 'after';
  return readAll(filter[side], (place) => read({ ...filter, [side]: place }));
}
