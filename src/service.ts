import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { OperatorError } from './domain/errors.ts';
import type { Secret } from './domain/secret.ts';
import { Load } from './http/load.ts';
import { Opening } from './http/opening.ts';
import { buildServer } from './http/server.ts';
import { Metrics } from './metrics.ts';
import { Authenticator } from './operations/access/authenticate-caller.ts';
import { bootstrap } from './operations/access/bootstrap.ts';
import { MasterKeyWatch } from './operations/store/watch-master-key.ts';
import { JournalWatch } from './operations/journal/watch-journal.ts';
import { unlockVault } from './operations/store/unlock-vault.ts';
import { EngineHttp } from './engine/engine-http.ts';
import { followAccess, recordTokenUses } from './jobs/access.ts';
import { endConferences, endGhostLegs, sweepLegs, timeRefusals } from './jobs/admission.ts';
import { keepSearch, terminateClients } from './jobs/clients.ts';
import { endAbsent, keepDispatchRules, keepRooms, timeEjections } from './jobs/engines.ts';
import type { Job } from './jobs/job.ts';
import { Jobs, type RunningJob } from './jobs/jobs.ts';
import { recoverOperations } from './jobs/platform.ts';
import { dispatchWebhooks, pruneWebhooks } from './jobs/webhooks.ts';
import type { LiveConnector } from './operations/admission/end-outlawed.ts';
import { RefusalClock } from './admission/refusal-clock.ts';
import { openEngine, openMedia } from './engine/open-engine.ts';
import { Hall } from './conference/hall.ts';
import { SearchKeeper } from './operations/clients/keep-search.ts';
import { BridgeRegister } from './operations/bridges/identify-bridge.ts';
import { liveConnectorOf, openDesk, openDispatchRules, openEngineEnder, openRooms } from './service/admissions.ts';
import { openPlatform } from './platform/open-platform.ts';
import { Webhooks } from './webhooks/webhooks.ts';
import { openStore, type StoreOptions } from './store/open-store.ts';
import { acquireServerLock } from './store/sqlite/server-lock.ts';

/** What a stop waits for deliveries under way; those that take longer are sent again. */
const DISPATCH_STOP_MS = 3_000;

export interface ServiceOptions {
  log: Logger;
  now?: () => number;
  /** Engines that can be told to end a live conference. */
  connectors?: readonly LiveConnector[];
  /** For the benchmark: other ways of committing, on the same server. */
  store?: Omit<StoreOptions, 'onGroup'>;
}

export interface Service {
  url: string;
  /** The token that a first start made, unless the operator gave it. */
  bootstrapToken: Secret | undefined;
  /** Refuses what is new, finishes what was accepted, closes in reverse order of the start. Bounded; a repeat waits for the first. */
  stop(): Promise<void>;
}

/** The only place where parts are put together. Read downwards it is the start, upwards the stop. */
export async function startService(
  config: Config,
  { log, now = Date.now, connectors = [], store: storeOptions }: ServiceOptions,
): Promise<Service> {
  const undo: (() => Promise<void>)[] = [];
  const jobs = new Jobs(log);
  const begin = (job: Job): RunningJob => {
    const running = jobs.start(job);
    undo.push(running.stop);
    return running;
  };
  const unwind = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) {
      // One part that cannot close properly does not keep the others open.
      await step().catch((error: unknown) => log.warn({ err: error }, 'not stopped cleanly'));
    }
  };
  try {
    makeDirectory(config.dataDir);
    if (config.database.engine === 'sqlite') {
      makeDirectory(dirname(config.database.path));
      const releaseLock = acquireServerLock(config.database.path);
      undo.push(async () => releaseLock());
    }

    let onGroup = (_size: number): void => {};
    const store = await openStore(config.database, { ...storeOptions, onGroup: (size) => onGroup(size) });
    undo.push(() => store.close());

    const keySource = { given: config.masterKey, dataDir: config.dataDir };
    const vault = await unlockVault(store, keySource);

    const load = new Load(config.maxInFlight);
    const opening = new Opening();
    const metrics = new Metrics({
      inFlight: () => load.inFlight,
      queueLength: () => store.queueLength(),
      passCodes: () => store.countPassCodes(),
    });
    const { platform, remote } = await openPlatform({
      store,
      vault,
      baseDomain: config.baseDomain,
      now,
      remote: config.platform,
      onCall: (call, outcome) => metrics.platformCalls.inc({ call, outcome }),
    });
    if (remote !== undefined) {
      undo.push(() => remote.close());
      begin(recoverOperations(remote));
      metrics.watchOperations(() => store.operations.count());
    }
    onGroup = (size) => metrics.groupSize.observe(size);

    const authenticator = new Authenticator(store, now);
    await authenticator.refresh();
    const bridges = new BridgeRegister({ store, vault, authenticator });
    await bridges.refresh();
    const masterKeyWatch = new MasterKeyWatch(store, keySource);
    await masterKeyWatch.look();
    store.onChange(begin(followAccess([authenticator, bridges], { masterKeyWatch, log })).now);
    undo.push(() => authenticator.flushUses());
    begin(recordTokenUses(authenticator));

    const journalWatch = new JournalWatch(store);
    undo.push(async () => journalWatch.stop());

    begin(terminateClients({ store, platform }, now));

    await store.webhooks.releaseAll();
    const webhooks = new Webhooks({
      store: store.webhooks,
      vault,
      now,
      log,
      allowPrivate: config.webhookAllowPrivate,
      onAttempt: (outcome) => metrics.webhookAttempts.inc({ outcome }),
    });
    const { dispatcher } = webhooks;
    undo.push(() => dispatcher.stop(Math.min(DISPATCH_STOP_MS, config.shutdownTimeoutMs)));
    dispatcher.onWork(begin(dispatchWebhooks(dispatcher)).now);
    begin(pruneWebhooks(dispatcher));
    metrics.watchWebhooks(() => store.webhooks.count(), now);
    const search = new SearchKeeper(store);
    begin(keepSearch(search));
    metrics.watchJobs(() => jobs.list());
    metrics.watchSearch(() => search.countBehind());
    const desk = openDesk({ store, vault, limits: config.guessing, defaultRegion: config.defaultRegion, metrics, log, now });
    undo.push(() => desk.legs.stop());
    begin(sweepLegs(desk));
    begin(timeRefusals(desk.refusals));
    const engines = new EngineHttp();
    undo.push(() => engines.close());
    const ejections = new RefusalClock(store, (seconds, { engine = '' }) => metrics.observeEjection(seconds, { engine }));
    begin(timeEjections(ejections));
    const engine = openEngine(config);
    const rooms = engine && openRooms({ ejections, store, vault, engine, metrics, log, now });
    if (rooms !== undefined) {
      undo.push(() => rooms.close());
      begin(keepRooms(rooms)).now();
      begin(endAbsent({ store, rooms, now }));
    }
    const media = openMedia(config);
    const hall = rooms && media && new Hall({ desk, rooms, media, ice: config.ice, log });
    if (hall !== undefined) metrics.watchConferences(() => hall.count());
    const onFailure = (failure: object): void => log.warn(failure, 'calls that may be over were not looked for');
    begin(endGhostLegs({ store, bridges, http: engines, now, onFailure }));
    const ender = openEngineEnder({ ejections, bridges, http: engines, metrics, log, now });
    const live = [...(rooms === undefined ? [] : [liveConnectorOf(rooms)]), ...connectors, ender];
    begin(endConferences({ store, connectors: live }, now));
    const rules = openDispatchRules({ store, vault, bridges, metrics, log, now });
    undo.push(() => rules.close());
    begin(keepDispatchRules(rules.keeper));

    const app = await buildServer({
      desk,
      bridges,
      engines,
      rooms,
      hall,
      platform,
      baseDomain: config.baseDomain,
      store,
      webhooks,
      search,
      journalWatch,
      now,
      authenticator,
      metrics,
      load,
      opening,
      log,
      trustedProxies: config.trustedProxies,
      rateLimit: config.rateLimit,
      isReady: async () => (await store.accessRevision()) >= 0,
      listJobs: () => jobs.list(),
    });
    await listen(() => app.listen({ host: config.host, port: config.port }), config);
    undo.push(async () => {
      hall?.stop();
      const drained = load.stop(config.shutdownTimeoutMs);
      const closed = app.close();
      await drained;
      app.server.closeAllConnections();
      await closed;
    });

    // Only now that the port is ours: a start that fails must not have made a token that nobody has seen. And before anybody is answered: who is told that we are ready has its token.
    const bootstrapToken = await bootstrap(store, config.bootstrapToken, now());
    opening.open();
    const { port } = app.server.address() as AddressInfo;
    const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
    log.info({ url }, 'listening');
    let stopping: Promise<void> | undefined;
    return {
      url,
      bootstrapToken: config.bootstrapToken === undefined ? bootstrapToken : undefined,
      stop: () => (stopping ??= unwind()),
    };
  } catch (error) {
    await unwind();
    throw error;
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new OperatorError(
      `The directory ${path} cannot be made (${reason}). Make it, or set PARLEY_DATA_DIR to one that this user may write.`,
      {
        cause: error,
      },
    );
  }
}

async function listen(start: () => Promise<unknown>, { host, port }: Config): Promise<void> {
  try {
    await start();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE'
        ? `Port ${port} on ${host} is in use. Stop what uses it, or set PARLEY_PORT.`
        : `Parley cannot listen on ${host}:${port}: ${message}. Check PARLEY_HOST and PARLEY_PORT.`;
    throw new OperatorError(reason, { cause: error });
  }
}
