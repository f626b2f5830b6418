import type { Answer, Query } from '../operation.ts';
import { type PageOptions, readAll, readPage } from '../pages.ts';
import type { CallOptions, Sender } from '../sender.ts';

export type OperationPage = Answer<'listOperations'>;
export type Operation = OperationPage['items'][number];
export type OrphanPage = Answer<'listOrphans'>;
export type Orphan = OrphanPage['items'][number];
export interface OperationFilter extends Omit<Query<'listOperations'>, 'limit'>, PageOptions {}
export interface OrphanFilter extends Omit<Query<'listOrphans'>, 'limit'>, PageOptions {}

/** What is yet to be done at a remote platform, and what it has that nobody asked for. With the built-in platform there is neither. */
export class Operations {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** All that match, page after page: `{ state: 'stuck' }` for those that take too long or wait for an operator. */
  list(filter: OperationFilter = {}): AsyncGenerator<Operation, void, undefined> {
    return readAll(filter.after, (after) => this.page({ ...filter, after }));
  }

  /** One page; `next` is for `after`. */
  page(filter: OperationFilter = {}): Promise<OperationPage> {
    return readPage(this.#sender, '/v1/operations', filter);
  }

  /** Carries on with it now. Refused with `OPERATION_NOT_FOUND`. Needs the scope `admin`. */
  async retry(operationId: number, options?: CallOptions): Promise<void> {
    await this.#post(operationId, 'retry', options);
  }

  /** Gives it up: the record stays as it is. Refused with `OPERATION_NOT_FOUND`, which a repeat after a lost answer also may be. Needs the scope `admin`. */
  async discard(operationId: number, options?: CallOptions): Promise<void> {
    await this.#post(operationId, 'discard', options);
  }

  /** What the platform has and nobody asked for, page after page. */
  orphans(filter: OrphanFilter = {}): AsyncGenerator<Orphan, void, undefined> {
    return readAll(filter.after, (after) => this.orphanPage({ ...filter, after }));
  }

  /** One page; `next` is for `after`. */
  orphanPage(filter: OrphanFilter = {}): Promise<OrphanPage> {
    return readPage(this.#sender, '/v1/orphans', filter);
  }

  async #post(operationId: number, action: string, options?: CallOptions): Promise<void> {
    const path = `/v1/operations/${encodeURIComponent(operationId)}/${action}`;
    await this.#sender.send({ method: 'POST', path, isRepeatable: true }, options);
  }
}
