import { readConfig } from './config.ts';
import { makeLog } from './log.ts';
import { prepareThreadWriter } from './store/sqlite/thread-writer.ts';
import { welcome } from './welcome.ts';

/** A service manager or a shell may send one signal twice: to the process, and to its group. */
const SAME_SIGNAL_MS = 1_000;

/** Runs the server until SIGTERM or SIGINT, which stop it gracefully; another one, a second or more later, stops it at once. */
export async function serve(): Promise<void> {
  const config = readConfig();
  const log = makeLog(config.logLevel);
  // It begins beside this thread, which reads the rest of the program meanwhile.
  if (config.database.engine === 'sqlite') prepareThreadWriter();
  const { startService } = await import('./service.ts');
  const service = await startService(config, { log });
  if (service.bootstrapToken !== undefined) process.stderr.write(welcome(service.url, service.bootstrapToken));

  const stopped = Promise.withResolvers<void>();
  let firstAt: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    firstAt = performance.now();
    log.info({ signal }, 'stopping');
    service.stop().then(stopped.resolve, stopped.reject);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  await stopped.promise;
  log.info('stopped');
}
