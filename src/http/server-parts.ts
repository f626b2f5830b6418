import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import type { Authenticator } from '../operations/authenticate-caller.ts';
import type { Platform } from '../platform/platform.ts';
import type { Load } from './load.ts';

export interface ServerParts {
  platform: Platform;
  authenticator: Authenticator;
  metrics: Metrics;
  load: Load;
  log: Logger;
  /** Requests a minute for one token. */
  rateLimit: number;
  isReady: () => Promise<boolean>;
}
