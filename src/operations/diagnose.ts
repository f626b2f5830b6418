import { existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Config } from '../config.ts';
import { isToldCodes } from '../domain/bridge.ts';
import { daysToHit, mostGuesses, probabilityOfHit, SAFE_DAYS } from '../domain/guessing.ts';
import type { ClientId } from '../domain/ids.ts';
import { PASS_CODE_SPACE } from '../domain/pass-code.ts';
import type { VendorSettings } from '../domain/vendor.ts';
import { OWNER } from '../platform/gateway.ts';
import { openVendor } from '../platform/open-platform.ts';
import { VendorError } from '../platform/remote/vendor.ts';
import { FILES_BESIDE } from '../store/sqlite/connection.ts';
import { isServerRunning } from '../store/sqlite/server-lock.ts';
import { openExistingPostgres, PostgresStore } from '../store/postgres/postgres-store.ts';
import { openSqliteReader, type SqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { listReadableByOthers } from '../vault/private-file.ts';
import { opensKeys } from '../vault/keys.ts';
import { masterKeyPath, readMasterKey } from '../vault/master-key.ts';

export interface Finding {
  check: string;
  result: 'ok' | 'warning' | 'problem';
  /** What was found and, where it is not well, what to do. */
  detail: string;
}

const LOW_DISK_BYTES = 1024 ** 3;
const EXPIRES_SOON_MS = 14 * 24 * 60 * 60 * 1000;
/** One random code in ten thousand opens something: an attacker with a thousand tries a day gets in within a fortnight. */
const DENSE_POOL = 1e-4;
const CLOCK_SKEW_SECONDS = 5;

/** Looks at everything that an operator would, changes nothing, and may run beside a server. */
export async function diagnose(config: Config, now: number): Promise<Finding[]> {
  const findings: Finding[] = [checkRuntime()];
  const { database } = config;
  if (database.engine === 'sqlite') {
    if (!existsSync(database.path)) {
      findings.push(problem('database', `There is none at ${database.path}. Start the server once, or set PARLEY_DATA_DIR.`));
      return findings;
    }
    // Before anything opens the database: it looks into files, and who closes one drops this process's locks on it.
    findings.push(await checkDisk(dirname(database.path)), checkFiles(database.path, config.dataDir));
  }
  findings.push(await checkServer(config));
  let store: SqliteStore | PostgresStore;
  try {
    store = database.engine === 'sqlite' ? openSqliteReader(database.path) : await openExistingPostgres(database);
  } catch (error) {
    findings.push(problem('database', (error as Error).message));
    return findings;
  }
  try {
    if (store instanceof PostgresStore) findings.push(...(await checkPostgres(store, now)));
    findings.push(await checkDatabase(store), await checkMasterKey(store, config), checkKeyFile(config));
    findings.push(await checkPool(store), await checkGuessing(store, config), ...(await checkToldCodes(store)));
    findings.push(...(await checkPlatform(store, config)), ...(await checkTokens(store, now)));
  } finally {
    await store.close();
  }
  return findings;
}

function checkRuntime(): Finding {
  return ok('runtime', `Node.js ${process.version}, SQLite ${process.versions.sqlite}`);
}

async function checkDisk(path: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return free < LOW_DISK_BYTES ? warning('disk', `${detail}: make room, or provisions will be answered 503.`) : ok('disk', detail);
}

async function checkServer({ database, host, port }: Config): Promise<Finding> {
  if (database.engine === 'sqlite' && !isServerRunning(database.path))
    return warning('server', 'No server has this database open. Start it: parley serve');
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/readyz`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return answer.ok
      ? ok('server', `ready at ${url}`)
      : problem('server', `${url} answers ${answer.status}: it is starting, stopping, or its disk fails.`);
  } catch {
    const which = database.engine === 'sqlite' ? 'One has this database open but does not answer' : 'None answers';
    return warning('server', `${which} at ${url}. Run this with the server's PARLEY_HOST and PARLEY_PORT.`);
  }
}

async function checkPostgres(store: PostgresStore, now: number): Promise<Finding[]> {
  const { unsafe, version, clockMs } = await store.describeServer();
  const skewSeconds = Math.abs(clockMs - now) / 1000;
  return [
    unsafe === undefined ? ok('postgresql', `version ${version}, every commit on disk`) : problem('postgresql', unsafe),
    skewSeconds < CLOCK_SKEW_SECONDS
      ? ok('clock', "agrees with PostgreSQL's")
      : warning(
          'clock',
          `It is ${Math.round(skewSeconds)} s away from PostgreSQL's: tokens expire, and times are recorded, by this clock. Run NTP.`,
        ),
  ];
}

async function checkDatabase(store: Store): Promise<Finding> {
  const damage = await store.findDamage();
  if (damage !== undefined)
    return problem('database', `Damaged (${damage}). Stop the server and restore the latest backup: docs/operate.md`);
  const { tenants, companies, clients } = await store.countRecords();
  return ok('database', `sound: ${tenants} tenants, ${companies} companies, ${clients} clients`);
}

async function checkMasterKey(store: Store, { masterKey, dataDir }: Config): Promise<Finding> {
  const wrapped = await store.findKeys();
  if (wrapped === undefined) return problem('master key', 'The database has no keys yet. Start the server once.');
  try {
    const key = readMasterKey({ given: masterKey, dataDir });
    if (key === undefined) return problem('master key', `${masterKeyPath(dataDir)} is missing. Restore it, or set PARLEY_MASTER_KEY.`);
    return opensKeys(key, wrapped)
      ? ok('master key', 'opens this database')
      : problem('master key', 'It is not the one that this database was sealed with.');
  } catch (error) {
    return problem('master key', (error as Error).message);
  }
}

function checkKeyFile({ dataDir, masterKey }: Config): Finding {
  const path = masterKeyPath(dataDir);
  if (masterKey !== undefined) return ok('key file', 'not used: PARLEY_MASTER_KEY is set');
  if (!existsSync(path)) return problem('key file', `${path} is missing.`);
  const others = statSync(path).mode & 0o077;
  return others === 0
    ? ok('key file', 'readable by its owner only')
    : problem('key file', `Others may read ${path}. Run: chmod 600 ${path}`);
}

/** Names and addresses are in the database and in its copies in the clear. */
function checkFiles(path: string, dataDir: string): Finding {
  const open = listReadableByOthers([path, ...FILES_BESIDE.map((end) => `${path}${end}`)], [dirname(path), dataDir]);
  return open.length === 0
    ? ok('files', 'the database and what is beside it are for their owner only')
    : problem('files', `Others may read ${open.join(', ')}. Run: chmod 600 ${open.join(' ')}`);
}

async function checkPool(store: Store): Promise<Finding> {
  const codes = await store.countPassCodes();
  const density = codes / PASS_CODE_SPACE;
  const detail = codes === 0 ? 'empty' : `${codes} pass codes: one random code in ${Math.round(1 / density)} is somebody's`;
  return density > DENSE_POOL
    ? warning('pass codes', `${detail}. Guessing becomes cheap: limit tries at the bridges.`)
    : ok('pass codes', detail);
}

/** The promise of docs/admission.md, computed for this pool and these limits. */
async function checkGuessing(store: Store, { guessing }: Config): Promise<Finding> {
  const codes = await store.countPassCodes();
  if (codes === 0) return ok('guessing', 'no pass code to guess yet');
  const perDay = mostGuesses(guessing, 24) - mostGuesses(guessing, 0);
  const days = daysToHit(guessing, codes);
  const yearly = probabilityOfHit(perDay * 365, codes);
  const shown = days >= 10 ? Math.round(days).toLocaleString('en') : days.toPrecision(2);
  const detail =
    `a guesser who uses all ${perDay.toLocaleString('en')} guesses a day that the limits allow needs ${shown} days for one of ${codes.toLocaleString('en')} codes on average; ` +
    `within a year one is found with a probability of ${(yearly * 100).toPrecision(2)} %`;
  return days < SAFE_DAYS
    ? warning('guessing', `${detail}. Lower PARLEY_ADMISSION_MISSES_PER_HOUR: docs/admission.md`)
    : ok('guessing', detail);
}

/** Where an engine compares codes itself, Parley hears of no guess. */
async function checkToldCodes(store: Store): Promise<Finding[]> {
  const told = (await store.admission.listBridgesOf('livekit')).filter((bridge) => bridge.revokedAt === undefined && isToldCodes(bridge));
  return told.map(({ name }) =>
    warning(
      'told codes',
      `LiveKit compares the codes of the bridge "${name}" itself, and no limit on guesses holds there. Limit calls at the trunk's provider: docs/bridges/livekit.md`,
    ),
  );
}

/** Whether anything waits for somebody at a remote platform, and whether that knows the first of the clients that it should have. */
async function checkPlatform(store: Store, { platform }: Config): Promise<Finding[]> {
  if (!(await store.operations.isGateway())) return [];
  if (platform === undefined)
    return [warning('platform', "This database has a remote platform's clients. Run this with the server's PARLEY_PLATFORM_ settings.")];
  const { pending, stuck } = await store.operations.count();
  const waiting =
    stuck > 0
      ? warning('operations', `${stuck} of ${pending} need attention: /console/operations says what to do about each`)
      : ok('operations', `${pending} under way, none needs attention`);
  const [client] = await store.listClients({ tenantId: OWNER, status: 'active', limit: 1 });
  return [waiting, client === undefined ? ok('platform', 'not asked: it has no client yet') : await askPlatform(platform, client.clientId)];
}

async function askPlatform(platform: VendorSettings, clientId: ClientId): Promise<Finding> {
  const vendor = openVendor(platform, () => {});
  try {
    await vendor.get(clientId);
    return ok('platform', `${platform.url.host} answers, and knows client ${clientId}`);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    const detail = `${platform.url.host}, asked for client ${clientId}: ${error.message}. See docs/gateway.md`;
    // Away is what a gateway is for; what is set wrongly does not mend by itself.
    return error.failure === 'misconfigured' ? problem('platform', detail) : warning('platform', detail);
  } finally {
    await vendor.close();
  }
}

async function checkTokens(store: Store, now: number): Promise<Finding[]> {
  const live = (await store.listTokens()).filter(({ revokedAt, expiresAt }) => revokedAt === undefined && (expiresAt ?? Infinity) > now);
  if (live.length === 0) return [problem('tokens', 'No token is live, so nobody can call. Make one: parley token create <name>')];
  const soon = live.filter(({ expiresAt }) => (expiresAt ?? Infinity) < now + EXPIRES_SOON_MS);
  const names = soon.map(({ tokenId, name }) => `${tokenId} (${name})`).join(', ');
  return [soon.length > 0 ? warning('tokens', `Within 14 days these expire: ${names}.`) : ok('tokens', `${live.length} live`)];
}

const ok = (check: string, detail: string): Finding => ({ check, result: 'ok', detail });
const warning = (check: string, detail: string): Finding => ({ check, result: 'warning', detail });
const problem = (check: string, detail: string): Finding => ({ check, result: 'problem', detail });
