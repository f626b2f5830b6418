import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_LIMIT = 2;
/** Two refusals of calls that were under way at the same time are one piece of news. */
const SETTLES_MS = 500;
/** Where the server did not say how long: twice as long with each failure in a row. */
const FIRST_REST_MS = 50;
const LONGEST_REST_MS = 5_000;

/**
 * How many calls may be under way. As in TCP (RFC 5681): twice as many with each round at first, one more with each round after the first refusal, half as many after
 * each refusal (429, 503, no answer), and nobody starts before the server's `Retry-After` has passed, or a pause that grows while there is no answer.
 */
export class Pace {
  readonly most: number;
  #limit = FIRST_LIMIT;
  #isProbing = true;
  #restsUntil = 0;
  #failuresInARow = 0;
  #slowedAt = -SETTLES_MS;

  constructor(most: number) {
    this.most = most;
    this.#limit = Math.min(FIRST_LIMIT, most);
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** A call has been answered. */
  succeeded(): void {
    this.#failuresInARow = 0;
    this.#limit = Math.min(this.most, this.#limit + (this.#isProbing ? 1 : 1 / this.#limit));
  }

  /** The server has asked for less. */
  slowDown(now: number, retryAfterSeconds: number | undefined): void {
    const rest =
      retryAfterSeconds === undefined ? Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** this.#failuresInARow++) : retryAfterSeconds * 1_000;
    this.#restsUntil = Math.max(this.#restsUntil, now + rest);
    if (now - this.#slowedAt < SETTLES_MS) return;
    this.#slowedAt = now;
    this.#isProbing = false;
    this.#limit = Math.max(1, this.#limit / 2);
  }

  isResting(now: number): boolean {
    return this.#restsUntil > now;
  }

  async rest(now: number, signal: AbortSignal): Promise<void> {
    await sleep(this.#restsUntil - now, undefined, { signal }).catch(() => {});
  }
}
