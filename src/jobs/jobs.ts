import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Job, JobState } from './job.ts';

/** A job may fail a few times, and may take long. */
const LATE_AFTER_RUNS = 20;
const LATE_AFTER_MS = 60_000;
/** What a stop waits for a run under way: longer than one call to an engine or to a vendor may take. */
const STOP_MS = 10_000;

export interface RunningJob {
  /** Runs it as soon as it is not running already. */
  now: () => void;
  /** No run begins any more; resolves when the one under way has ended, or has taken too long. */
  stop: () => Promise<void>;
}

interface Kept extends JobState {
  startedAt: number;
}

/** Runs jobs side by side, each never twice at once, and knows how it goes with them. */
export class Jobs {
  readonly #log: Logger;
  readonly #kept: Kept[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  start({ name, everyMs, run }: Job): RunningJob {
    const kept: Kept = {
      name,
      everyMs,
      isRunning: false,
      lastRunAt: undefined,
      lastSuccessAt: undefined,
      lastDurationMs: undefined,
      failures: 0,
      isLate: false,
      startedAt: Date.now(),
    };
    this.#kept.push(kept);
    let underWay: Promise<void> | undefined;
    let isAskedMeanwhile = false;
    let isStopped = false;
    const turn = async (): Promise<void> => {
      const [at, from] = [Date.now(), performance.now()];
      kept.isRunning = true;
      kept.lastRunAt = at;
      try {
        await run();
        kept.lastSuccessAt = Date.now();
      } catch (error) {
        kept.failures++;
        this.#log.warn({ err: error, job: name }, 'a background job failed');
      } finally {
        kept.isRunning = false;
        kept.lastDurationMs = performance.now() - from;
      }
    };
    const now = (): void => {
      if (isStopped) return;
      isAskedMeanwhile = underWay !== undefined;
      if (underWay !== undefined) return;
      underWay = turn().finally(() => {
        underWay = undefined;
        if (isAskedMeanwhile) now();
      });
    };
    const timer = setInterval(now, everyMs);
    return {
      now,
      stop: async () => {
        isStopped = true;
        clearInterval(timer);
        await Promise.race([underWay, delay(STOP_MS, undefined, { ref: false })]);
      },
    };
  }

  list(): JobState[] {
    const at = Date.now();
    return this.#kept.map(({ startedAt, ...state }) => {
      const lateAfterMs = Math.max(LATE_AFTER_MS, LATE_AFTER_RUNS * state.everyMs);
      return { ...state, isLate: at - (state.lastSuccessAt ?? startedAt) > lateAfterMs };
    });
  }
}
