import pino, { type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

/** How late a line may be: each write costs as much as many lines do. */
const GATHER_MS = 20;
const MOST_CHARACTERS = 64 * 1024;

/** JSON lines. Only what is named in the code is ever logged; of an error its type and sentence, never its stack or its fields. */
export function makeLog(level: LogLevel, destination: DestinationStream = standardOutput()): Logger {
  return pino({ level, base: { service: 'parley' }, serializers: { err: describe } }, destination);
}

function describe(error: unknown): object {
  return error instanceof Error
    ? { type: error.name, code: (error as NodeJS.ErrnoException).code, message: error.message }
    : { type: typeof error };
}

/** Lines leave together, within some milliseconds; the last of them leave at the end, also where an exception that nobody caught is the end. */
export function standardOutput(dest: number | string = 1): DestinationStream {
  const stream = pino.destination({ dest, sync: false });
  let lines = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    stream.write(lines);
    lines = '';
  };
  process.once('exit', () => {
    flush();
    stream.flushSync();
  });
  return {
    write(line) {
      lines += line;
      if (lines.length > MOST_CHARACTERS) flush();
      else timer ??= setTimeout(flush, GATHER_MS);
    },
  };
}
