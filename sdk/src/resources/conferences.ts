import type { Answer, Query } from '../operation.ts';
import { type PageOptions, readAll, readPage } from '../pages.ts';
import type { CallOptions, Sender } from '../sender.ts';

export type Conference = Answer<'listConferences'>['items'][number];
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
    return (await readPage<Answer<'listConferences'>>(this.#sender, '/v1/conferences', filter)).items;
  }

  /** A record for each participant's leg, in the order in which they were let in, page after page. */
  usage(filter: UsageFilter = {}): AsyncGenerator<UsageLeg, void, undefined> {
    return readAll(filter.after, (after) => this.usagePage({ ...filter, after }));
  }

  /** One page; `next` is for `after`. */
  usagePage(filter: UsageFilter = {}): Promise<UsagePage> {
    return readPage(this.#sender, '/v1/usage', filter);
  }
}
