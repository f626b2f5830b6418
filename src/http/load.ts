/** Requests under way, and whether more may come. A stop waits for the ones that were admitted. */
export class Load {
  readonly #max: number;
  #inFlight = 0;
  #stopping = false;
  #onIdle: (() => void) | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  get isFull(): boolean {
    return this.#inFlight > this.#max;
  }

  enter(): void {
    this.#inFlight++;
  }

  leave(): void {
    this.#inFlight--;
    if (this.#inFlight === 0) this.#onIdle?.();
  }

  /** Refuses what comes from now on, and resolves when what is under way has been answered, or when the time is over. */
  async stop(timeoutMs: number): Promise<void> {
    this.#stopping = true;
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
