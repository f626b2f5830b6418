import { readConfig } from '../../src/config.ts';
import { makeLog, standardOutput } from '../../src/log.ts';
import { startService } from '../../src/service.ts';
import { GROUP_LIMITS } from '../../src/store/gatherer.ts';
import { startMainThreadWriter } from '../main-thread-writer.ts';
import { readOptions, serveParent } from './parent.ts';
import { startProfile, stopProfile } from './profiler.ts';

export interface ParleyOptions {
  dataDir: string;
  databaseUrl?: string;
  token: string;
  writer?: 'thread' | 'main';
  /** Writes in one transaction, where it is not the server's own limit. */
  maxGroup?: number;
}

/** The server as `parley serve` starts it, but for limits out of reach and a log that goes to /dev/null. */
const { dataDir, databaseUrl, token, writer = 'thread', maxGroup } = readOptions<ParleyOptions>();
const config = readConfig({
  PARLEY_DATA_DIR: dataDir,
  PARLEY_DATABASE_URL: databaseUrl,
  PARLEY_PORT: '0',
  PARLEY_BOOTSTRAP_TOKEN: token,
  PARLEY_RATE_LIMIT: '100000000',
  PARLEY_MAX_IN_FLIGHT: '100000',
});
const service = await startService(config, {
  log: makeLog('info', standardOutput('/dev/null')),
  store: {
    sqlite: {
      ...(writer === 'main' && { startWriter: startMainThreadWriter }),
      ...(maxGroup !== undefined && { limits: { ...GROUP_LIMITS, maxGroup } }),
    },
  },
});

serveParent(
  { url: service.url },
  ({ profile }: { profile?: 'start' | 'stop' }) => {
    if (profile === undefined) return cpuMsUsed();
    return profile === 'start' ? startProfile() : stopProfile();
  },
  () => service.stop(),
);

function cpuMsUsed(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
