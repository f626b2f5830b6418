import { ParleyConnectionError, ParleyError, ParleyTimeoutError } from './errors.ts';
import type { Asked } from './answer.ts';

/** Made once: the reason that an abort makes for itself takes longer than the rest of a call's end. */
const ENDED = new DOMException('The call has ended.', 'AbortError');

/** Aborts what it watches when the caller's signal is aborted, or when nothing came for too long. */
export class Watch {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  readonly #outer: AbortSignal | undefined;
  readonly #abort = (): void => this.#controller.abort(this.#outer?.reason);
  #isLate = false;

  constructor(timeoutMs: number, outer: AbortSignal | undefined) {
    outer?.throwIfAborted();
    this.#timeoutMs = timeoutMs;
    this.#outer = outer;
    outer?.addEventListener('abort', this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for this, which has the whole time from now on. It need not heed the signal. */
  async over<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    const timer = setTimeout(() => {
      this.#isLate = true;
      this.#controller.abort();
    }, this.#timeoutMs);
    let abort: (() => void) | undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
    });
    try {
      return await Promise.race([work, aborted]);
    } finally {
      clearTimeout(timer);
      if (abort !== undefined) signal.removeEventListener('abort', abort);
    }
  }

  /** Whatever is still going on is broken off. */
  end(): void {
    this.#outer?.removeEventListener('abort', this.#abort);
    this.#controller.abort(ENDED);
  }

  /** What a failure of the thing watched means to the caller. */
  explain(error: unknown, { requestId, isRepeatable }: Asked): unknown {
    if (error instanceof ParleyError) return error;
    if (this.#isLate) {
      const message = `No answer within ${this.#timeoutMs} ms.`;
      return new ParleyTimeoutError(message, { code: 'TIMEOUT', requestId, isRetryable: isRepeatable });
    }
    if (this.#outer?.aborted) return this.#outer.reason;
    const message = 'The connection failed, or broke before the answer was complete.';
    return new ParleyConnectionError(message, { code: 'CONNECTION_FAILED', requestId, isRetryable: isRepeatable, cause: error });
  }
}
