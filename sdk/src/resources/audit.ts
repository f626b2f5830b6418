import type { Answer, Query } from '../operation.ts';
import { type PageOptions, readAll, readPage } from '../pages.ts';
import type { Sender } from '../sender.ts';

export type AuditPage = Answer<'listAudit'>;
export type AuditEntry = AuditPage['items'][number];

export interface AuditFilter extends Omit<Query<'listAudit'>, 'limit' | 'types' | 'since' | 'before'>, PageOptions {
  /** Those before this one: the id of the last that you have. */
  before?: string | undefined;
  since?: Date | string | undefined;
  types?: readonly AuditEntry['type'][] | undefined;
}

export class Audit {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Who did what, newest first, page after page. Needs the scope `admin`. */
  list(filter: AuditFilter = {}): AsyncGenerator<AuditEntry, void, undefined> {
    return readAll(filter.before, (before) => this.page({ ...filter, before }));
  }

  /** One page; `next` is for `before`. */
  page(filter: AuditFilter = {}): Promise<AuditPage> {
    return readPage(this.#sender, '/v1/audit', filter);
  }
}
