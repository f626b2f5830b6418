/** Whoever an event belongs to: while they are paused it waits, and when they are dead it never happens. */
export interface Owner {
  isDead: boolean;
  pausedUntil: number;
}

interface Scheduled {
  at: number;
  order: number;
  run: () => void | Promise<void>;
  owner: Owner | undefined;
}

/** Virtual time and the only source of chance: one seed is one course of events, again and again. */
export class Schedule {
  now: number;
  steps = 0;
  /** Before each step. */
  onStep = (_step: number): void => {};
  #events: Scheduled[] = [];
  #order = 0;
  #state: number;

  constructor(seed: number, startAt: number) {
    this.#state = seed;
    this.now = startAt;
  }

  /** mulberry32: from 0 to 1. */
  readonly random = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  between(least: number, most: number): number {
    return Math.round(least + (most - least) * this.random());
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)] as T;
  }

  in(ms: number, run: Scheduled['run'], owner?: Owner): void {
    this.#events.push({ at: this.now + ms, order: this.#order++, run, owner });
  }

  /** Until nothing is left to happen, or `isOver`. */
  async play(isOver: () => boolean): Promise<void> {
    for (let next = this.#next(); next !== undefined && !isOver(); next = this.#next()) {
      this.now = Math.max(this.now, next.at);
      const { owner } = next;
      if (owner !== undefined && !owner.isDead && owner.pausedUntil > this.now) {
        this.#events.push({ ...next, at: owner.pausedUntil });
        continue;
      }
      this.onStep(++this.steps);
      if (owner?.isDead) continue;
      await next.run();
      // Whatever follows from it at once does so before anything else happens.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #next(): Scheduled | undefined {
    let first = 0;
    for (let i = 1; i < this.#events.length; i++) {
      const [one, other] = [this.#events[i] as Scheduled, this.#events[first] as Scheduled];
      if (one.at < other.at || (one.at === other.at && one.order < other.order)) first = i;
    }
    return this.#events.splice(first, 1)[0];
  }
}
