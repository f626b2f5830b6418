import { setTimeout as delay } from 'node:timers/promises';

export type Wait = (ms: number) => Promise<unknown>;

/** A miss is answered a multiple of this after it came, so that what was found of the code, which takes microseconds, does not show. */
const STEP_MS = 20;

/** Holds answers back, and not more of them at once than it may: past that a guesser is answered at once, having learnt nothing. */
export class Tarpit {
  readonly #max: number;
  readonly #wait: Wait;
  #held = 0;

  constructor(max: number, wait: Wait = delay) {
    this.#max = max;
    this.#wait = wait;
  }

  get held(): number {
    return this.#held;
  }

  async hold(ms: number): Promise<void> {
    if (ms <= 0 || this.#held >= this.#max) return;
    this.#held++;
    try {
      await this.#wait(ms);
    } finally {
      this.#held--;
    }
  }

  async levelOut(elapsedMs: number): Promise<void> {
    await this.#wait(STEP_MS - (elapsedMs % STEP_MS));
  }
}
