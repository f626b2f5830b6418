const FIRST_MS = 250;

/** Full jitter, so that those who failed together do not come back together. What the server asked for is kept, and jittered upwards. */
export function pauseMs(failures: number, retryAfterSeconds: number | undefined, longestMs: number): number {
  const jitter = Math.random() * Math.min(longestMs, FIRST_MS * 2 ** failures);
  return (retryAfterSeconds ?? 0) * 1000 + jitter;
}

/** Ends early, with the signal's reason, when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
