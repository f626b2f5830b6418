import { overloaded } from '../domain/errors.ts';
import type { AdmittedLeg, AdmissionStore } from '../store/admission.ts';

const AT_ONCE = 256;
const MOST_WAITING = 10_000;
const RETRY_MS = 500;

/**
 * Legs on their way to the store: an answer does not wait for its own, which nothing is decided from. What a crash takes away here comes back with the
 * bridge's report; where the store takes nothing for long, nobody is let in any more.
 */
export class LegBook {
  readonly #store: AdmissionStore;
  readonly #onFailure: (error: unknown) => void;
  #waiting: AdmittedLeg[] = [];
  #writing: Promise<void> | undefined;
  #isStopped = false;

  constructor(store: AdmissionStore, onFailure: (error: unknown) => void) {
    this.#store = store;
    this.#onFailure = onFailure;
  }

  add(leg: AdmittedLeg): void {
    if (this.#waiting.length >= MOST_WAITING) throw overloaded();
    this.#waiting.push(leg);
    this.#writing ??= this.#write();
  }

  /** Resolves when what was added before is on record, or was tried. */
  async flush(): Promise<void> {
    if (this.#writing !== undefined) await this.#writing;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.flush();
  }

  async #write(): Promise<void> {
    // Those who come in this turn of the event loop go together.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const legs = this.#waiting.slice(0, AT_ONCE);
      try {
        await this.#store.recordLegs(legs);
        this.#waiting.splice(0, legs.length);
      } catch (error) {
        this.#onFailure(error);
        break;
      }
    }
    this.#writing = undefined;
    if (this.#waiting.length > 0 && !this.#isStopped) setTimeout(() => (this.#writing ??= this.#write()), RETRY_MS).unref();
  }
}
