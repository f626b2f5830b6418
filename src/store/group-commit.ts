import { overloaded } from '../domain/errors.ts';

export interface GroupLimits {
  /** Writes in one transaction: bounds how long the first of them waits for the last. */
  maxGroup: number;
  /** Writes waiting for their turn; past it a write is refused at once and nothing was tried. */
  maxQueue: number;
  /** Waiting longer than this, a write is refused and nothing was tried: a store that is away must not keep everybody waiting in line. */
  maxWaitMs: number;
}

export const GROUP_LIMITS: GroupLimits = { maxGroup: 256, maxQueue: 10_000, maxWaitMs: 20_000 };

interface Waiting<Item, Result> {
  item: Item;
  since: number;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers concurrent writes into groups that share one transaction and one fsync. Nothing sleeps to gather: a group is whatever arrived
 * while the previous one was committing.
 */
export class GroupCommit<Item, Result> {
  readonly #commit: (group: Item[]) => Promise<Result[]>;
  readonly #limits: GroupLimits;
  readonly #onGroup: (size: number) => void;
  #queue: Waiting<Item, Result>[] = [];
  #running: Promise<void> | undefined;

  constructor(commit: (group: Item[]) => Promise<Result[]>, limits: GroupLimits, onGroup: (size: number) => void) {
    this.#commit = commit;
    this.#limits = limits;
    this.#onGroup = onGroup;
  }

  get length(): number {
    return this.#queue.length;
  }

  submit(item: Item): Promise<Result> {
    if (this.#queue.length >= this.#limits.maxQueue) return Promise.reject(overloaded());
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, since: performance.now(), resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when everything submitted so far has settled. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // What arrives in the same turn of the event loop belongs to the first group already.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      this.#refuseOverdue();
      const group = this.#queue.splice(0, this.#limits.maxGroup);
      if (group.length === 0) break;
      this.#onGroup(group.length);
      try {
        const results = await this.#commit(group.map(({ item }) => item));
        group.forEach(({ resolve }, i) => resolve(results[i] as Result));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#running = undefined;
  }

  #refuseOverdue(): void {
    const latest = performance.now() - this.#limits.maxWaitMs;
    const firstInTime = this.#queue.findIndex(({ since }) => since >= latest);
    const overdue = this.#queue.splice(0, firstInTime < 0 ? this.#queue.length : firstInTime);
    for (const { reject } of overdue) reject(overloaded());
  }
}
