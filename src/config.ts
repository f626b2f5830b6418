import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { OperatorError } from './domain/errors.ts';
import type { GuessingLimits } from './domain/guessing.ts';
import { Secret } from './domain/secret.ts';
import type { StoreLocation } from './store/location.ts';
import { decodeMasterKey } from './vault/master-key.ts';
import { isWellFormedToken } from './domain/token.ts';

export interface Config {
  host: string;
  port: number;
  dataDir: string;
  database: StoreLocation;
  bootstrapToken: Secret | undefined;
  masterKey: Secret | undefined;
  baseDomain: string;
  /** Undefined: the built-in one. */
  platform: PlatformConfig | undefined;
  /** Undefined: no engine is told of rooms. */
  janus: JanusConfig | undefined;
  /** How much bridges may let be guessed. */
  guessing: GuessingLimits;
  logLevel: LogLevel;
  /** Requests a minute that one token may make. */
  rateLimit: number;
  /** Requests under way at once, past which the answer is 503. */
  maxInFlight: number;
  /** How long a stop waits for what was accepted. */
  shutdownTimeoutMs: number;
}

/** A vendor that speaks the contract. */
export interface PlatformConfig {
  url: URL;
  token: Secret;
  creates: Creates;
  timeoutMs: number;
  settleMs: number;
  stuckAfterMs: number;
}

/** An engine whose rooms are kept. */
export interface JanusConfig {
  url: URL;
  adminSecret: Secret;
  roomAdminKey: Secret;
}

/** What is known of a provision at the vendor whose answer was lost. */
const CREATES = ['repeatable', 'findable', 'neither'] as const;
type Creates = (typeof CREATES)[number];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A miss is counted in whole milliseconds of the hour. */
const MOST_MISSES = 3_600_000;

const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'];
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

type Environment = Readonly<Record<string, string | undefined>>;

/** Every setting there is; those marked secret also have a `_FILE` form. */
const SETTINGS = {
  PARLEY_HOST: { isSecret: false },
  PARLEY_PORT: { isSecret: false },
  PARLEY_DATA_DIR: { isSecret: false },
  PARLEY_DATABASE_URL: { isSecret: true },
  PARLEY_DATABASE_CONNECTIONS: { isSecret: false },
  PARLEY_BOOTSTRAP_TOKEN: { isSecret: true },
  PARLEY_MASTER_KEY: { isSecret: true },
  PARLEY_BASE_DOMAIN: { isSecret: false },
  PARLEY_PLATFORM_URL: { isSecret: false },
  PARLEY_PLATFORM_TOKEN: { isSecret: true },
  PARLEY_PLATFORM_CREATES: { isSecret: false },
  PARLEY_PLATFORM_TIMEOUT_MS: { isSecret: false },
  PARLEY_PLATFORM_SETTLE_SECONDS: { isSecret: false },
  PARLEY_PLATFORM_STUCK_MINUTES: { isSecret: false },
  PARLEY_JANUS_URL: { isSecret: false },
  PARLEY_JANUS_ADMIN_SECRET: { isSecret: true },
  PARLEY_JANUS_ROOM_ADMIN_KEY: { isSecret: true },
  PARLEY_ADMISSION_TRIES_PER_CALL: { isSecret: false },
  PARLEY_ADMISSION_MISSES_PER_CALLER_HOUR: { isSecret: false },
  PARLEY_ADMISSION_MISSES_PER_NUMBER_HOUR: { isSecret: false },
  PARLEY_ADMISSION_MISSES_PER_BRIDGE_HOUR: { isSecret: false },
  PARLEY_ADMISSION_MISSES_PER_HOUR: { isSecret: false },
  PARLEY_ADMISSION_TARPIT_MS: { isSecret: false },
  PARLEY_ADMISSION_TARPIT_MAX: { isSecret: false },
  PARLEY_LOG_LEVEL: { isSecret: false },
  PARLEY_RATE_LIMIT: { isSecret: false },
  PARLEY_MAX_IN_FLIGHT: { isSecret: false },
  PARLEY_SHUTDOWN_TIMEOUT_MS: { isSecret: false },
} as const;
type Setting = keyof typeof SETTINGS;

const NAMES = Object.entries(SETTINGS).flatMap(([name, { isSecret }]) => (isSecret ? [name, `${name}_FILE`] : [name]));
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads and checks every setting at once; what is wrong is one sentence for each. */
export function readConfig(environment: Environment = process.env): Config {
  const problems: string[] = [];
  refuseUnknown(environment, problems);
  const get = (name: Setting): string | undefined => readSetting(environment, name, problems);
  const integer = (name: Setting, fallback: number, lowest: number, highest: number): number => {
    const text = get(name);
    if (text === undefined) return fallback;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= lowest && value <= highest) return value;
    problems.push(`${name} must be a whole number from ${lowest} to ${highest}.`);
    return fallback;
  };

  const dataDir = resolve(get('PARLEY_DATA_DIR') ?? './data');
  const config: Config = {
    host: get('PARLEY_HOST') ?? '127.0.0.1',
    port: integer('PARLEY_PORT', 8080, 0, 65_535),
    dataDir,
    database: readDatabaseUrl(
      get('PARLEY_DATABASE_URL'),
      { dataDir, connections: integer('PARLEY_DATABASE_CONNECTIONS', 10, 3, 1_000) },
      problems,
    ),
    bootstrapToken: readBootstrapToken(get('PARLEY_BOOTSTRAP_TOKEN'), problems),
    masterKey: readMasterKeySetting(get('PARLEY_MASTER_KEY'), problems),
    baseDomain: readBaseDomain(get('PARLEY_BASE_DOMAIN') ?? 'parley.localhost', problems),
    platform: readPlatform(get, integer, problems),
    janus: readJanus(get, problems),
    guessing: {
      triesPerCall: integer('PARLEY_ADMISSION_TRIES_PER_CALL', 3, 1, 10),
      callerPerHour: integer('PARLEY_ADMISSION_MISSES_PER_CALLER_HOUR', 10, 1, MOST_MISSES),
      numberPerHour: integer('PARLEY_ADMISSION_MISSES_PER_NUMBER_HOUR', 200, 1, MOST_MISSES),
      bridgePerHour: integer('PARLEY_ADMISSION_MISSES_PER_BRIDGE_HOUR', 500, 1, MOST_MISSES),
      globalPerHour: integer('PARLEY_ADMISSION_MISSES_PER_HOUR', 1_000, 1, MOST_MISSES),
      tarpitMs: integer('PARLEY_ADMISSION_TARPIT_MS', 3_000, 0, 10_000),
      tarpitMax: integer('PARLEY_ADMISSION_TARPIT_MAX', 200, 0, 10_000),
    },
    logLevel: readLogLevel(get('PARLEY_LOG_LEVEL') ?? 'info', problems),
    rateLimit: integer('PARLEY_RATE_LIMIT', 60_000, 1, 100_000_000),
    maxInFlight: integer('PARLEY_MAX_IN_FLIGHT', 2_000, 1, 100_000),
    shutdownTimeoutMs: integer('PARLEY_SHUTDOWN_TIMEOUT_MS', 25_000, 0, 600_000),
  };
  if (problems.length > 0) throw new OperatorError(problems.join('\n'));
  return config;
}

function refuseUnknown(environment: Environment, problems: string[]): void {
  for (const name of Object.keys(environment)) {
    if (!name.startsWith('PARLEY_') || NAMES.includes(name)) continue;
    const nearest = closest(name, NAMES);
    const hint = distance(name, nearest) <= 4 ? ` Did you mean ${nearest}?` : ' See docs/configuration.md for those there are.';
    problems.push(`${name} is not a setting.${hint}`);
  }
}

/** A variable of the operator's own, by which a command is given a secret. */
export function readVariable(name: string, environment: Environment = process.env): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new OperatorError(`The environment has no variable ${name}.`);
  return value;
}

/** An empty value counts as none: that is how a compose file or a shell says "not set". */
function readSetting(environment: Environment, name: Setting, problems: string[]): string | undefined {
  const value = environment[name] || undefined;
  const path = SETTINGS[name].isSecret ? environment[`${name}_FILE`] || undefined : undefined;
  if (path === undefined) return value;
  if (value !== undefined) problems.push(`Set ${name} or ${name}_FILE, not both.`);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    problems.push(`${name}_FILE names ${path}, which cannot be read: ${(error as NodeJS.ErrnoException).code}.`);
    return undefined;
  }
}

function readDatabaseUrl(
  url: string | undefined,
  { dataDir, connections }: { dataDir: string; connections: number },
  problems: string[],
): StoreLocation {
  if (url === undefined) return { engine: 'sqlite', path: join(dataDir, 'parley.db') };
  return readStoreLocation(url, { name: 'PARLEY_DATABASE_URL', connections }, problems);
}

/** Where a database URL leads. `name` is what the operator gave it under, for the sentence that says what is wrong with it. */
export function readStoreLocation(
  url: string,
  { name, connections }: { name: string; connections: number },
  problems: string[],
): StoreLocation {
  if (url.startsWith('sqlite:') && url.length > 'sqlite:'.length) return { engine: 'sqlite', path: resolve(url.slice('sqlite:'.length)) };
  const problem = findPostgresUrlProblem(url);
  if (problem !== undefined) problems.push(`${name} ${problem}.`);
  return { engine: 'postgres', url: new Secret(url), connections };
}

/** Never the URL itself: it holds a password. */
function findPostgresUrlProblem(text: string): string | undefined {
  const shape = 'must be sqlite:<path of a file>, or postgres://<user>:<password>@<host>/<database>?sslmode=verify-full';
  if (!/^postgres(ql)?:\/\/[^/]/.test(text) || !URL.canParse(text)) return shape;
  const { hostname, pathname, searchParams } = new URL(text);
  if (hostname === '' || pathname.length < 2) return shape;
  const mode = searchParams.get('sslmode');
  if (mode !== null && !SSL_MODES.includes(mode)) return `has an unknown sslmode: give one of ${SSL_MODES.join(', ')}`;
  // What travels has names and addresses of people in it: in the clear only where somebody decided so.
  if (mode === null && !LOOPBACK.test(hostname)) {
    return 'must say how the connection is protected, since the host is another machine: add ?sslmode=verify-full (or require, or disable)';
  }
  return undefined;
}

function readBootstrapToken(text: string | undefined, problems: string[]): Secret | undefined {
  if (text === undefined) return undefined;
  if (!isWellFormedToken(text)) {
    problems.push(
      'PARLEY_BOOTSTRAP_TOKEN must have 20 to 256 printable ASCII characters without spaces; one that begins with "parley_" must be one that Parley made.',
    );
  }
  return new Secret(text);
}

function readMasterKeySetting(text: string | undefined, problems: string[]): Secret | undefined {
  if (text === undefined) return undefined;
  try {
    decodeMasterKey(text, 'PARLEY_MASTER_KEY');
  } catch (error) {
    problems.push((error as Error).message);
  }
  return new Secret(text);
}

/** Settings of a platform without its address are refused: whoever set them believes that they do something. */
function readPlatform(
  get: (name: Setting) => string | undefined,
  integer: (name: Setting, fallback: number, lowest: number, highest: number) => number,
  problems: string[],
): PlatformConfig | undefined {
  const [address, token, createsText] = [get('PARLEY_PLATFORM_URL'), get('PARLEY_PLATFORM_TOKEN'), get('PARLEY_PLATFORM_CREATES')];
  const timeoutMs = integer('PARLEY_PLATFORM_TIMEOUT_MS', 10_000, 200, 60_000);
  const settleMs = integer('PARLEY_PLATFORM_SETTLE_SECONDS', 60, 1, 3_600) * 1_000;
  const stuckAfterMs = integer('PARLEY_PLATFORM_STUCK_MINUTES', 15, 1, 1_440) * 60_000;
  if (address === undefined) {
    if (token !== undefined) problems.push('PARLEY_PLATFORM_TOKEN is set, and PARLEY_PLATFORM_URL is not: set both, or neither.');
    return undefined;
  }
  if (token === undefined) problems.push('PARLEY_PLATFORM_URL is set, and PARLEY_PLATFORM_TOKEN is not: set both, or neither.');
  const url = readSafeUrl(address);
  if (url === undefined) {
    problems.push('PARLEY_PLATFORM_URL must be https://<host>[/<path>], without user, query and fragment (http:// for this machine only).');
  }
  const creates = CREATES.find((known) => known === (createsText ?? 'repeatable'));
  if (creates === undefined) problems.push(`PARLEY_PLATFORM_CREATES must be one of ${CREATES.join(', ')}.`);
  if (url === undefined || token === undefined || creates === undefined) return undefined;
  return { url, token: new Secret(token), creates, timeoutMs, settleMs, stuckAfterMs };
}

function readJanus(get: (name: Setting) => string | undefined, problems: string[]): JanusConfig | undefined {
  const address = get('PARLEY_JANUS_URL');
  const [adminSecret, roomAdminKey] = [get('PARLEY_JANUS_ADMIN_SECRET'), get('PARLEY_JANUS_ROOM_ADMIN_KEY')];
  if (address === undefined && adminSecret === undefined && roomAdminKey === undefined) return undefined;
  if (address === undefined || adminSecret === undefined || roomAdminKey === undefined) {
    problems.push('Set PARLEY_JANUS_URL, PARLEY_JANUS_ADMIN_SECRET and PARLEY_JANUS_ROOM_ADMIN_KEY, or none of them.');
    return undefined;
  }
  const url = readSafeUrl(address);
  if (url === undefined) {
    problems.push(
      "PARLEY_JANUS_URL must be the address of Janus' Admin API, http://127.0.0.1:7088/admin, without user, query and fragment (https:// for another machine).",
    );
    return undefined;
  }
  return { url, adminSecret: new Secret(adminSecret), roomAdminKey: new Secret(roomAdminKey) };
}

/** Secrets travel there: in the clear on this machine only. */
function readSafeUrl(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  return isSafe && url?.search === '' && url.hash === '' && url.username === '' && url.password === '' ? url : undefined;
}

function readBaseDomain(text: string, problems: string[]): string {
  const domain = text.toLowerCase();
  // A hub's label and a dot come before it, and a host name has at most 253 characters (RFC 1035 2.3.4).
  if (domain.length > 189 || !domain.split('.').every((label) => LABEL.test(label))) {
    problems.push('PARLEY_BASE_DOMAIN must be a domain name of at most 189 characters, such as hubs.example.com.');
  }
  return domain;
}

function readLogLevel(text: string, problems: string[]): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) problems.push(`PARLEY_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.`);
  return level ?? 'info';
}
