import { follow } from '../follow.ts';
import type { Answer, Query } from '../operation.ts';
import { type PageOptions, readAllInOrder, readPage } from '../pages.ts';
import type { CallOptions, Sender } from '../sender.ts';

export type EventPage = Answer<'listEvents'>;
/** What happened to a record. It has no personal data: ask for the record where you need it. */
export type Event = EventPage['items'][number];
export type EventType = Event['type'];

export interface EventFilter extends Omit<Query<'listEvents'>, 'limit' | 'types' | 'since' | 'after' | 'before'>, PageOptions {
  /** Those after this one: the id of the last that you have dealt with. Left out: from the beginning. */
  after?: string | undefined;
  /** Those before this one. */
  before?: string | undefined;
  since?: Date | string | undefined;
  types?: readonly EventType[] | undefined;
}

export interface FollowOptions extends Omit<CallOptions, 'retries'> {
  /** Those after this one, then what is to come. Left out: what is to come. */
  after?: string | undefined;
  types?: readonly EventType[] | undefined;
  clientId?: number | undefined;
  /** How long the stream may be silent before it is taken for dead: 45 seconds, three times as long as the server ever is. */
  timeoutMs?: number | undefined;
}

export class Events {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /**
   * What has happened so far, the oldest first or with `order: 'desc'` the latest, page after page. Keep the `id` of the last and pass it as `after`
   * (`before`) to go on.
   */
  list(filter: EventFilter = {}): AsyncGenerator<Event, void, undefined> {
    return readAllInOrder(filter, (place) => this.page(place));
  }

  /** One page. Its `next` is for `after`, also where `hasMore` is false: there what follows will be. Where the latest come first it is for `before`. */
  page(filter: EventFilter = {}): Promise<EventPage> {
    return readPage(this.#sender, '/v1/events', filter);
  }

  /**
   * What happens, as it happens. A stream that breaks is opened again after the last event, with growing pauses: none is missed and none comes twice.
   * It ends when you leave the loop, with the reason of `signal`, or with a `ParleyApiError` that repeating does not mend (the token has ended).
   *
   * Keep the `id` of the last event that you have dealt with, for `after` of the next start.
   */
  follow(options: FollowOptions = {}): AsyncGenerator<Event, void, undefined> {
    return follow<Event>(this.#sender, '/v1/events/stream', options);
  }
}
