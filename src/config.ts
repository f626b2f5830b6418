import type { JanusSettings } from './domain/janus.ts';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import ipaddr from 'ipaddr.js';
import { LOOPBACK, readIce, readJanus, readPlatform } from './config/remotes.ts';
import type { CountryCode } from './domain/country.ts';
import { OperatorError } from './domain/errors.ts';
import type { GuessingLimits } from './domain/guessing.ts';
import type { IceSettings } from './domain/ice.ts';
import { findRegionProblem } from './domain/phone-number.ts';
import { Secret } from './domain/secret.ts';
import type { VendorSettings } from './domain/vendor.ts';
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
  platform: VendorSettings | undefined;
  /** Whether webhooks may lead to addresses that are not public, and over plain HTTP. */
  webhookAllowPrivate: boolean;
  /** Undefined: no engine is told of rooms. */
  janus: JanusSettings | undefined;
  /** How browsers find a way to the engine. */
  ice: IceSettings;
  /** How much bridges may let be guessed. */
  guessing: GuessingLimits;
  /** The country in which national telephone numbers are read, where nothing else says. */
  defaultRegion: CountryCode | undefined;
  /** Addresses and blocks of proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  logLevel: LogLevel;
  /** Requests a minute that one token may make. */
  rateLimit: number;
  /** Requests under way at once, past which the answer is 503. */
  maxInFlight: number;
  /** How long a stop waits for what was accepted. */
  shutdownTimeoutMs: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A miss is counted in whole milliseconds of the hour. */
const MOST_MISSES = 3_600_000;

const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'];

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
  PARLEY_WEBHOOK_ALLOW_PRIVATE: { isSecret: false },
  PARLEY_JANUS_URL: { isSecret: false },
  PARLEY_JANUS_ADMIN_SECRET: { isSecret: true },
  PARLEY_JANUS_ROOM_ADMIN_KEY: { isSecret: true },
  PARLEY_JANUS_SESSIONS_URL: { isSecret: false },
  PARLEY_JANUS_API_SECRET: { isSecret: true },
  PARLEY_ICE_SERVERS: { isSecret: false },
  PARLEY_TURN_SECRET: { isSecret: true },
  PARLEY_ADMISSION_TRIES_PER_CALL: { isSecret: false },
  PARLEY_ADMISSION_MISSES_PER_CALLER_HOUR: { isSecret: false },
  PARLEY_ADMISSION_MISSES_PER_NUMBER_HOUR: { isSecret: false },
  PARLEY_ADMISSION_MISSES_PER_BRIDGE_HOUR: { isSecret: false },
  PARLEY_ADMISSION_MISSES_PER_HOUR: { isSecret: false },
  PARLEY_ADMISSION_TARPIT_MS: { isSecret: false },
  PARLEY_ADMISSION_TARPIT_MAX: { isSecret: false },
  PARLEY_DEFAULT_REGION: { isSecret: false },
  PARLEY_TRUSTED_PROXIES: { isSecret: false },
  PARLEY_LOG_LEVEL: { isSecret: false },
  PARLEY_RATE_LIMIT: { isSecret: false },
  PARLEY_MAX_IN_FLIGHT: { isSecret: false },
  PARLEY_SHUTDOWN_TIMEOUT_MS: { isSecret: false },
} as const;
type Setting = keyof typeof SETTINGS;

const NAMES = Object.entries(SETTINGS).flatMap(([name, { isSecret }]) => (isSecret ? [name, `${name}_FILE`] : [name]));
/** The caller's side has these: where a server is, and the token for it. A server that finds them has no use for them. */
const CALLERS_NAMES: ReadonlySet<string> = new Set(['PARLEY_URL', 'PARLEY_TOKEN', 'PARLEY_TOKEN_FILE']);
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** For a program that is started here: what this process was given, and more. */
export function environmentWith(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}

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
    webhookAllowPrivate: readFlag('PARLEY_WEBHOOK_ALLOW_PRIVATE', get('PARLEY_WEBHOOK_ALLOW_PRIVATE') ?? 'false', problems),
    janus: readJanus(get, problems),
    ice: readIce(get, problems),
    guessing: {
      triesPerCall: integer('PARLEY_ADMISSION_TRIES_PER_CALL', 3, 1, 10),
      callerPerHour: integer('PARLEY_ADMISSION_MISSES_PER_CALLER_HOUR', 10, 1, MOST_MISSES),
      numberPerHour: integer('PARLEY_ADMISSION_MISSES_PER_NUMBER_HOUR', 200, 1, MOST_MISSES),
      bridgePerHour: integer('PARLEY_ADMISSION_MISSES_PER_BRIDGE_HOUR', 500, 1, MOST_MISSES),
      globalPerHour: integer('PARLEY_ADMISSION_MISSES_PER_HOUR', 1_000, 1, MOST_MISSES),
      tarpitMs: integer('PARLEY_ADMISSION_TARPIT_MS', 3_000, 0, 10_000),
      tarpitMax: integer('PARLEY_ADMISSION_TARPIT_MAX', 200, 0, 10_000),
    },
    defaultRegion: readRegion(get('PARLEY_DEFAULT_REGION'), problems),
    trustedProxies: readTrustedProxies(get('PARLEY_TRUSTED_PROXIES'), problems),
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
    if (!name.startsWith('PARLEY_') || NAMES.includes(name) || CALLERS_NAMES.has(name)) continue;
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

function readTrustedProxies(text: string | undefined, problems: string[]): string[] {
  const proxies = (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const isGood = (one: string): boolean => (one.includes('/') ? ipaddr.isValidCIDR(one) : ipaddr.isValid(one));
  for (const wrong of proxies.filter((one) => !isGood(one)))
    problems.push(`PARLEY_TRUSTED_PROXIES: ${wrong} is neither an address nor a block. Write 10.0.0.5 or 10.0.0.0/8, with commas between.`);
  return proxies;
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

function readBaseDomain(text: string, problems: string[]): string {
  const domain = text.toLowerCase();
  // A hub's label and a dot come before it, and a host name has at most 253 characters (RFC 1035 2.3.4).
  if (domain.length > 189 || !domain.split('.').every((label) => LABEL.test(label))) {
    problems.push('PARLEY_BASE_DOMAIN must be a domain name of at most 189 characters, such as hubs.example.com.');
  }
  return domain;
}

function readRegion(text: string | undefined, problems: string[]): CountryCode | undefined {
  const problem = text === undefined ? undefined : findRegionProblem(text);
  if (problem !== undefined) problems.push(`PARLEY_DEFAULT_REGION ${problem}.`);
  return text;
}

function readFlag(name: Setting, text: string, problems: string[]): boolean {
  if (text !== 'true' && text !== 'false') problems.push(`${name} must be true or false.`);
  return text === 'true';
}

function readLogLevel(text: string, problems: string[]): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) problems.push(`PARLEY_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.`);
  return level ?? 'info';
}
