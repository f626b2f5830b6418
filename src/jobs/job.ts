/** Something that Parley does by itself, again and again. */
export interface Job {
  name: string;
  everyMs: number;
  /** What does not succeed is logged, and tried anew the next time. */
  run: () => Promise<void>;
}

/** How it goes with a job. Times are milliseconds since 1970; undefined: not yet. */
export interface JobState {
  name: string;
  everyMs: number;
  isRunning: boolean;
  lastRunAt: number | undefined;
  lastSuccessAt: number | undefined;
  lastDurationMs: number | undefined;
  failures: number;
  /** It has not succeeded for so long that somebody should look. */
  isLate: boolean;
}
