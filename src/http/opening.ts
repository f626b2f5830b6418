/** Holds requests that arrive while a start is not yet done: the port is taken by then, and nobody is answered before everything that a caller needs is there. */
export class Opening {
  readonly #opened = Promise.withResolvers<void>();
  #isOpen = false;

  open(): void {
    this.#isOpen = true;
    this.#opened.resolve();
  }

  /** Undefined where there is nothing to wait for. */
  wait(): Promise<void> | undefined {
    return this.#isOpen ? undefined : this.#opened.promise;
  }
}
