import { readConfig } from './config.ts';
import { makeLog } from './log.ts';
import { startService } from './service.ts';
import { welcome } from './welcome.ts';

/** Runs the server until SIGTERM or SIGINT, which stop it gracefully; a second one stops it at once. */
export async function serve(): Promise<void> {
  const config = readConfig();
  const log = makeLog(config.logLevel);
  const service = await startService(config, { log });
  if (service.bootstrapToken !== undefined) process.stderr.write(welcome(service.url, service.bootstrapToken));

  const stopped = Promise.withResolvers<void>();
  const stop = (signal: NodeJS.Signals): void => {
    process.once(signal, () => process.exit(1));
    log.info({ signal }, 'stopping');
    service.stop().then(stopped.resolve, stopped.reject);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await stopped.promise;
  log.info('stopped');
}
