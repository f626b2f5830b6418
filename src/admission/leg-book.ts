import { overloaded, ProvisioningError } from '../domain/errors.ts';
import type { AdmittedLeg, AdmissionStore } from '../store/admission.ts';

const AT_ONCE = 1024;
const MANY_WAITING = 2_000;
const MOST_WAITING = 10_000;
const RETRY_MS = 500;
/** Nobody waits for a leg, so they go together; who asks about legs hastens them. */
const GATHER_MS = 100;

/**
 * Legs on their way to the store: an answer does not wait for its own, which nothing is decided from. What a crash takes away here comes back with the
 * bridge's report; where the store takes nothing for long, nobody is let in any more.
 */
export class LegBook {
  readonly #store: AdmissionStore;
  readonly #onFailure: (error: unknown) => void;
  #waiting: AdmittedLeg[] = [];
  #writing: Promise<void> | undefined;
  #hasten = (): void => {};
  #isStopped = false;

  constructor(store: AdmissionStore, onFailure: (error: unknown) => void) {
    this.#store = store;
    this.#onFailure = onFailure;
  }

  /** Waits only where the store is slower than callers come. */
  add(leg: AdmittedLeg): void | Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) throw overloaded();
    this.#waiting.push(leg);
    this.#writing ??= this.#write();
    return this.#waiting.length < MANY_WAITING ? undefined : this.flush();
  }

  /** Resolves when what was added before is on record, or was tried. */
  async flush(): Promise<void> {
    this.#hasten();
    if (this.#writing !== undefined) await this.#writing;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.flush();
  }

  async #write(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS);
      this.#hasten = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    let atOnce = AT_ONCE;
    while (this.#waiting.length > 0) {
      const legs = this.#waiting.slice(0, atOnce);
      try {
        await this.#store.recordLegs(legs);
        this.#waiting.splice(0, legs.length);
      } catch (error) {
        this.#onFailure(error);
        if (error instanceof ProvisioningError) break;
        // Not the store's state but one of these: alone, it holds up none of the others.
        if (legs.length === 1) this.#waiting.shift();
        atOnce = 1;
      }
    }
    this.#writing = undefined;
    if (this.#waiting.length > 0 && !this.#isStopped) setTimeout(() => (this.#writing ??= this.#write()), RETRY_MS).unref();
  }
}
