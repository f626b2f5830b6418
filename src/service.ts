import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { OperatorError } from './domain/errors.ts';
import type { Secret } from './domain/secret.ts';
import { Load } from './http/load.ts';
import { buildServer } from './http/server.ts';
import { Metrics } from './metrics.ts';
import { Authenticator } from './operations/authenticate-caller.ts';
import { bootstrap } from './operations/bootstrap.ts';
import { unlockVault } from './operations/unlock-vault.ts';
import { Directory } from './platform/directory/directory.ts';
import { acquireServerLock } from './store/sqlite/server-lock.ts';
import { openSqliteStore, type SqliteOptions } from './store/sqlite/sqlite-store.ts';

/** Revocation is visible within a second: half of that for the poll, the rest for a busy moment. */
const ACCESS_POLL_MS = 500;
const TOKEN_USE_FLUSH_MS = 5_000;

export interface ServiceOptions {
  log: Logger;
  now?: () => number;
  /** For the benchmark: other ways of committing, on the same server. */
  sqlite?: Pick<SqliteOptions, 'limits' | 'startWriter'>;
}

export interface Service {
  url: string;
  /** The token that a first start made, unless the operator gave it. */
  bootstrapToken: Secret | undefined;
  /** Refuses what is new, finishes what was accepted, closes in reverse order of the start. Bounded; a repeat waits for the first. */
  stop(): Promise<void>;
}

/** The only place where parts are put together. Read downwards it is the start, upwards the stop. */
export async function startService(config: Config, { log, now = Date.now, sqlite }: ServiceOptions): Promise<Service> {
  const undo: (() => Promise<void>)[] = [];
  const unwind = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) {
      // One part that cannot close properly does not keep the others open.
      await step().catch((error: unknown) => log.warn({ err: error }, 'not stopped cleanly'));
    }
  };
  try {
    makeDirectory(config.dataDir);
    makeDirectory(dirname(config.databasePath));
    const releaseLock = acquireServerLock(config.databasePath);
    undo.push(async () => releaseLock());

    let onGroup = (_size: number): void => {};
    const store = openSqliteStore(config.databasePath, { ...sqlite, onGroup: (size) => onGroup(size) });
    undo.push(() => store.close());

    const vault = await unlockVault(store, { given: config.masterKey, dataDir: config.dataDir });
    const platform = new Directory({ store, vault, baseDomain: config.baseDomain, now });

    const load = new Load(config.maxInFlight);
    const metrics = new Metrics({
      inFlight: () => load.inFlight,
      queueLength: () => store.queueLength(),
      passCodes: () => store.countPassCodes(),
    });
    onGroup = (size) => metrics.groupSize.observe(size);

    const authenticator = new Authenticator(store, now);
    await authenticator.refresh();
    undo.push(repeat(ACCESS_POLL_MS, () => authenticator.refresh(), log));
    undo.push(() => authenticator.flushUses());
    undo.push(repeat(TOKEN_USE_FLUSH_MS, () => authenticator.flushUses(), log));

    const app = await buildServer({
      platform,
      authenticator,
      metrics,
      load,
      log,
      rateLimit: config.rateLimit,
      isReady: async () => (await store.accessRevision()) >= 0,
    });
    await listen(() => app.listen({ host: config.host, port: config.port }), config);
    undo.push(async () => {
      const drained = load.stop(config.shutdownTimeoutMs);
      const closed = app.close();
      await drained;
      app.server.closeAllConnections();
      await closed;
    });

    // Only now: a start that fails must not have made a token that nobody has seen.
    const bootstrapToken = await bootstrap(store, config.bootstrapToken, now());
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

/** Runs again and again, never twice at once; a failure is logged and the next turn tries anew. */
function repeat(everyMs: number, task: () => Promise<void>, log: Logger): () => Promise<void> {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    task()
      .catch((error: unknown) => log.warn({ err: error }, 'background task failed'))
      .finally(() => {
        running = false;
      });
  }, everyMs);
  return async () => clearInterval(timer);
}
