import { SingleBar } from 'cli-progress';

export interface Progress {
  show(done: number, note?: string): void;
  stop(): void;
}

const LINE_EVERY_MS = 5_000;

/** A bar with rate and time left on a terminal, a plain line from time to time elsewhere, nothing beside JSON. Both on standard error. */
export function startProgress(what: string, total: number, { json = false }: { json?: boolean | undefined }): Progress {
  if (json || total === 0) return { show: () => {}, stop: () => {} };
  const began = Date.now();
  const rate = (now: number): number => (now * 1000) / Math.max(1, Date.now() - began);
  if (process.stderr.isTTY) {
    // The signals stay the terminal's: with the package's own handlers the first Ctrl-C would only stop the bar.
    const bar = new SingleBar({
      format: `${what} {bar} {percentage}% | {value}/{total} | {rate} a second | {left} left{note}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 24,
      gracefulExit: false,
    });
    const payload = (now: number, note = ''): Record<string, string> => ({
      rate: String(Math.round(rate(now))),
      left: leftOf(total - now, rate(now)),
      note: note && ` | ${note}`,
    });
    bar.start(total, 0, payload(0));
    return { show: (now, note) => bar.update(now, payload(now, note)), stop: () => bar.stop() };
  }
  let last = began;
  return {
    show(now, note) {
      if (Date.now() - last < LINE_EVERY_MS) return;
      last = Date.now();
      const percent = Math.floor((now * 100) / total);
      process.stderr.write(
        `${what}: ${now} of ${total} (${percent} %), ${Math.round(rate(now))} a second, ${leftOf(total - now, rate(now))} left${note ? `, ${note}` : ''}\n`,
      );
    },
    stop() {},
  };
}

function leftOf(rows: number, rate: number): string {
  if (rate === 0) return '?';
  const seconds = Math.ceil(rows / rate);
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
