import type { Logger } from 'pino';

/** Runs again and again, and when asked to, never twice at once; a failure is logged and the next turn tries anew. */
export function repeat(everyMs: number, task: () => Promise<void>, log: Logger): { stop: () => Promise<void>; now: () => void } {
  let running = false;
  let askedMeanwhile = false;
  const now = (): void => {
    askedMeanwhile = running;
    if (running) return;
    running = true;
    task()
      .catch((error: unknown) => log.warn({ err: error }, 'background task failed'))
      .finally(() => {
        running = false;
        if (askedMeanwhile) now();
      });
  };
  const timer = setInterval(now, everyMs);
  return { stop: async () => clearInterval(timer), now };
}
