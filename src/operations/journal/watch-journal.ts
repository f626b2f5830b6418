import type { TenantId } from '../../domain/ids.ts';
import type { Store } from '../../store/store.ts';

/** Whoever follows a journal hears of a new entry within this time, whichever node wrote it. */
const POLL_MS = 200;

export interface Watch {
  /** Resolves when there may be something new; at the latest after a second, so that who waits can look around. */
  next(): Promise<void>;
  close(): void;
}

interface Watcher {
  tenantId: TenantId;
  /** The head has moved since its last look. */
  isTold: boolean;
  wake: () => void;
}

const LOOK_AROUND_MS = 1_000;

/** Tells those who follow journals when one has grown. It asks once for all of them, and only while there is somebody who wants to know. */
export class JournalWatch {
  readonly #store: Store;
  readonly #watchers = new Set<Watcher>();
  readonly #heads = new Map<TenantId, number>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  constructor(store: Store) {
    this.#store = store;
  }

  watch(tenantId: TenantId): Watch {
    const watcher: Watcher = { tenantId, isTold: false, wake: () => {} };
    this.#watchers.add(watcher);
    this.#timer ??= setInterval(() => void this.#look(), POLL_MS);
    return {
      next: () =>
        new Promise((resolve) => {
          const timer = setTimeout(() => watcher.wake(), LOOK_AROUND_MS);
          watcher.wake = () => {
            clearTimeout(timer);
            watcher.isTold = false;
            watcher.wake = () => {};
            resolve();
          };
          if (watcher.isTold) watcher.wake();
        }),
      close: () => {
        this.#watchers.delete(watcher);
        if (this.#watchers.size === 0) this.stop();
      },
    };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#heads.clear();
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const heads = await this.#store.findJournalHeads([...new Set([...this.#watchers].map(({ tenantId }) => tenantId))]);
      for (const watcher of this.#watchers) {
        const head = heads.get(watcher.tenantId) ?? 0;
        if (head === this.#heads.get(watcher.tenantId)) continue;
        watcher.isTold = true;
        watcher.wake();
      }
      for (const [tenantId, head] of heads) this.#heads.set(tenantId, head);
    } catch {
      // The store is away: those who wait look for themselves, and whoever asks it is told.
    } finally {
      this.#isLooking = false;
    }
  }
}
