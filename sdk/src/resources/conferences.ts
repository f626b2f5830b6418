import type { Answer, Query } from '../operation.ts';
import { type PageOptions, readAllInOrder, readPage } from '../pages.ts';
import type { CallOptions, Sender } from '../sender.ts';

export type ConferencePage = Answer<'listConferences'>;
export type Conference = ConferencePage['items'][number];
export type UsagePage = Answer<'listUsage'>;
export type UsageLeg = UsagePage['items'][number];

export interface ConferenceFilter extends Query<'listConferences'>, CallOptions {}

export interface UsageFilter extends Omit<Query<'listUsage'>, 'limit' | 'format' | 'to' | 'from'>, PageOptions {
  /** Only those let in from this time on. */
  from?: Date | string | undefined;
  /** Only those let in before this time. */
  to?: Date | string | undefined;
}

/** Who is in, and who was. */
export class Conferences {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Who is in a conference now, as far as bridges tell: of all clients, or of one, or of one company's. */
  async live(filter: ConferenceFilter = {}): Promise<Conference[]> {
    return (await this.livePage(filter)).items;
  }

  /** The same; `hasMore` where there are more participants than are told: ask for a company or a client then. */
  livePage(filter: ConferenceFilter = {}): Promise<ConferencePage> {
    return readPage(this.#sender, '/v1/conferences', filter);
  }

  /** A record for each participant's leg, in the order in which they were let in or with `order: 'desc'` the latest first, page after page. */
  usage(filter: UsageFilter = {}): AsyncGenerator<UsageLeg, void, undefined> {
    return readAllInOrder(filter, (place) => this.usagePage(place));
  }

  /** One page; `next` is for `after`, or where the latest come first for `before`. */
  usagePage(filter: UsageFilter = {}): Promise<UsagePage> {
    return readPage(this.#sender, '/v1/usage', filter);
  }
}
