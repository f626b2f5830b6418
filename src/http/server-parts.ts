import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import type { JobState } from '../jobs/job.ts';
import type { Authenticator } from '../operations/access/authenticate-caller.ts';
import type { JournalWatch } from '../operations/journal/watch-journal.ts';
import type { AdmissionDesk } from '../admission/desk.ts';
import type { Hall } from '../conference/hall.ts';
import type { EngineHttp } from '../engine/engine-http.ts';
import type { RoomKeeper } from '../engine/room-keeper.ts';
import type { BridgeRegister } from '../operations/bridges/identify-bridge.ts';
import type { SearchKeeper } from '../operations/clients/keep-search.ts';
import type { Platform } from '../platform/platform.ts';
import type { Store } from '../store/store.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { Load } from './load.ts';
import type { Opening } from './opening.ts';

export interface ServerParts {
  desk: AdmissionDesk;
  bridges: BridgeRegister;
  engines: EngineHttp;
  /** Undefined where there is no engine. */
  rooms: RoomKeeper | undefined;
  /** Undefined where nobody joins a conference in a browser. */
  hall: Hall | undefined;
  platform: Platform;
  /** Hubs are named below it. */
  baseDomain: string;
  store: Store;
  webhooks: Webhooks;
  search: SearchKeeper;
  journalWatch: JournalWatch;
  now: () => number;
  authenticator: Authenticator;
  metrics: Metrics;
  load: Load;
  opening: Opening;
  log: Logger;
  /** Whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  /** Requests a minute for one token. */
  rateLimit: number;
  isReady: () => Promise<boolean>;
  listJobs: () => JobState[];
}
