import pino, { type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

/** JSON lines. Only what is named in the code is ever logged; of an error its type and sentence, never its stack or its fields. */
export function makeLog(level: LogLevel, destination: DestinationStream = standardOutput()): Logger {
  return pino({ level, base: { service: 'parley' }, serializers: { err: describe } }, destination);
}

function describe(error: unknown): object {
  return error instanceof Error
    ? { type: error.name, code: (error as NodeJS.ErrnoException).code, message: error.message }
    : { type: typeof error };
}

/** The lines of one turn of the event loop leave in one write; at a normal end, the last of them too. */
function standardOutput(): DestinationStream {
  const stream = pino.destination({ dest: 1, sync: false });
  let lines = '';
  const flush = (): void => {
    stream.write(lines);
    lines = '';
  };
  process.once('exit', () => {
    flush();
    stream.flushSync();
  });
  return {
    write(line) {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
}
