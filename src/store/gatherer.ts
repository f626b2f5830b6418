import { overloaded } from '../domain/errors.ts';

export interface GroupLimits {
  /** Calls in one group: bounds how long the first of them waits for the last. */
  maxGroup: number;
  /** Calls waiting for their turn; past it one is refused at once and nothing was tried. */
  maxQueue: number;
  /** Waiting longer than this, a call is refused and nothing was tried: a store that is away must not keep everybody waiting in line. */
  maxWaitMs: number;
  /** Groups that may be under way: one for what must not overtake another. */
  atOnce: number;
}

/** Of groups that share one transaction and one fsync. */
export const GROUP_LIMITS: GroupLimits = { maxGroup: 256, maxQueue: 10_000, maxWaitMs: 20_000, atOnce: 1 };

interface Waiting<Item, Result> {
  item: Item;
  since: number;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Gathers concurrent calls into groups that go to the database together. Nothing sleeps to gather: a group is whatever arrived while those before it were
 * under way.
 */
export class Gatherer<Item, Result> {
  readonly #settle: (group: Item[]) => Promise<Result[]>;
  readonly #limits: GroupLimits;
  readonly #onGroup: (size: number) => void;
  #queue: Waiting<Item, Result>[] = [];
  #underWay = 0;
  #onIdle: (() => void)[] = [];

  /** `settle` answers in the order of its group. */
  constructor(settle: (group: Item[]) => Promise<Result[]>, limits: GroupLimits, onGroup: (size: number) => void = () => {}) {
    this.#settle = settle;
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
      if (this.#underWay < this.#limits.atOnce) void this.#run();
    });
  }

  /** Resolves when everything submitted so far has settled. */
  async drain(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  async #run(): Promise<void> {
    this.#underWay++;
    // What arrives in the same turn of the event loop belongs to the first group already.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      this.#refuseOverdue();
      const group = this.#queue.splice(0, this.#limits.maxGroup);
      if (group.length === 0) break;
      this.#onGroup(group.length);
      try {
        const results = await this.#settle(group.map(({ item }) => item));
        group.forEach(({ resolve }, i) => resolve(results[i] as Result));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    if (--this.#underWay === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #refuseOverdue(): void {
    const latest = performance.now() - this.#limits.maxWaitMs;
    const firstInTime = this.#queue.findIndex(({ since }) => since >= latest);
    const overdue = this.#queue.splice(0, firstInTime < 0 ? this.#queue.length : firstInTime);
    for (const { reject } of overdue) reject(overloaded());
  }
}
