import type { TenantId } from '../../domain/ids.ts';
import type { Store } from '../../store/store.ts';

/** Clients in one transaction: others' writes wait for no more than these. */
const AT_ONCE = 200;
/** How long one turn goes on while there is more to do. */
const TURN_MS = 200;
/** How long a search waits for changes that were made before it. */
const PATIENCE_MS = 500;
const TIDY_EVERY_MS = 24 * 60 * 60 * 1000;

/**
 * Keeps the words that clients are found by, beside the changes: every KEEP_SEARCH_EVERY_MS the journal is followed from where it was left, on whichever node is
 * first. A search follows it up to its own beginning, so that what was acknowledged before is found.
 */
export class SearchKeeper {
  readonly #store: Store;
  /** Undefined while it is under way, or not begun. */
  #tidiedAt: number | undefined;
  #isTidying = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** One turn for all tenants that are behind. What is left is for the next one. */
  async keep(): Promise<void> {
    const endAt = performance.now() + TURN_MS;
    const behind = await this.#store.search.findBehind();
    for (const { tenantId } of behind) while (performance.now() < endAt) if (!(await this.#step(tenantId)).isBehind) break;
    if (behind.some(({ isBuilding }) => isBuilding)) this.#tidiedAt = undefined;
    else await this.#tidy(endAt);
  }

  /** After the clients were gone through for the first time, and once a day. */
  async #tidy(endAt: number): Promise<void> {
    if (this.#tidiedAt !== undefined && performance.now() - this.#tidiedAt < TIDY_EVERY_MS) return;
    while (performance.now() < endAt) {
      const { isDone } = await this.#store.search.tidy({ isFirst: !this.#isTidying });
      this.#isTidying = !isDone;
      if (!isDone) continue;
      this.#tidiedAt = performance.now();
      return;
    }
  }

  /** Before a search. While a tenant's clients are gone through for the first time nobody waits: then only those are found that were reached. */
  async catchUp(tenantId: TenantId): Promise<void> {
    const [behind] = await this.#store.search.findBehind(tenantId);
    if (behind === undefined) return;
    const endAt = performance.now() + PATIENCE_MS;
    while (performance.now() < endAt) {
      const { isBehind, isBuilding } = await this.#step(tenantId);
      if (!isBehind || (isBuilding && behind.entries > AT_ONCE)) return;
    }
  }

  /** Entries that are yet to be followed, of all tenants. */
  async countBehind(): Promise<number> {
    return (await this.#store.search.findBehind()).reduce((sum, { entries }) => sum + entries, 0);
  }

  #step(tenantId: TenantId): Promise<{ isBehind: boolean; isBuilding: boolean }> {
    return this.#store.search.follow({ tenantId, limit: AT_ONCE });
  }
}
