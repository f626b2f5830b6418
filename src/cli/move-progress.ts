import { SingleBar } from 'cli-progress';
import type { MoveProgress } from '../operations/store/migrate-store.ts';
import { type OutputOptions, printLine } from './output.ts';

export interface ProgressDisplay {
  show(progress: MoveProgress): void;
  stop(): void;
}

const WORD = { copying: 'Copying', verifying: 'Comparing' } as const;

/** A bar for each phase on a terminal, a line for each table elsewhere, nothing beside JSON. */
export function makeProgressDisplay({ json }: OutputOptions): ProgressDisplay {
  if (json) return { show: () => {}, stop: () => {} };
  return process.stderr.isTTY ? new Bars() : { show: showLine, stop: () => {} };
}

function showLine({ phase, table, tableRows, isTableDone }: MoveProgress): void {
  if (!isTableDone) return;
  printLine(phase === 'copying' ? `Copied ${table}: ${tableRows}` : `Compared ${table}`);
}

class Bars implements ProgressDisplay {
  #bar: SingleBar | undefined;
  #phase: MoveProgress['phase'] | undefined;

  show({ phase, table, done, total }: MoveProgress): void {
    if (phase !== this.#phase) {
      this.stop();
      this.#phase = phase;
      // The signals stay the terminal's: with the package's own handlers the first Ctrl-C would only stop the bar.
      this.#bar = new SingleBar({
        format: `${WORD[phase].padEnd(9)} {bar} {percentage}% | {value}/{total} rows | {eta_formatted} left | {table}`,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        barsize: 24,
        linewrap: true,
        gracefulExit: false,
      });
      this.#bar.start(total, done, { table });
    }
    this.#bar?.update(Math.min(done, total), { table });
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
