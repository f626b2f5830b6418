import pino, { type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

/** JSON lines. Only what is named in the code is ever logged; of an error its type and sentence, never its stack or its fields. */
export function makeLog(level: LogLevel, destination: DestinationStream = pino.destination({ dest: 1, sync: false })): Logger {
  return pino({ level, base: { service: 'parley' }, serializers: { err: describe } }, destination);
}

function describe(error: unknown): object {
  return error instanceof Error ? { type: error.name, code: (error as NodeJS.ErrnoException).code, message: error.message } : { type: typeof error };
}
