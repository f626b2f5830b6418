interface Asked<Key, Found> {
  key: Key;
  resolve: (found: Found) => void;
  reject: (error: unknown) => void;
}

/**
 * Look-ups that come in one turn of the event loop go to the database together: one round trip and one statement for all of them. Nothing waits
 * to gather more.
 */
export class Batch<Key, Found> {
  readonly #find: (keys: Key[]) => Promise<Found[]>;
  readonly #max: number;
  #asked: Asked<Key, Found>[] = [];

  /** `find` answers in the order of its keys, of which it gets `max` at most. */
  constructor(find: (keys: Key[]) => Promise<Found[]>, max: number) {
    this.#find = find;
    this.#max = max;
  }

  find(key: Key): Promise<Found> {
    return new Promise((resolve, reject) => {
      if (this.#asked.push({ key, resolve, reject }) === 1) setImmediate(() => this.#send());
    });
  }

  #send(): void {
    const asked = this.#asked;
    this.#asked = [];
    for (let i = 0; i < asked.length; i += this.#max) void this.#answer(asked.slice(i, i + this.#max));
  }

  async #answer(asked: Asked<Key, Found>[]): Promise<void> {
    try {
      const found = await this.#find(asked.map(({ key }) => key));
      asked.forEach(({ resolve }, i) => resolve(found[i] as Found));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}
