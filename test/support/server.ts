import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { TestContext } from 'node:test';
import { readConfig } from '../../src/config.ts';
import type { OnDifference, PasswordDisclosure, Scope } from '../../src/domain/caller.ts';
import { makeLog } from '../../src/log.ts';
import { createTenant } from '../../src/operations/access/create-tenant.ts';
import { createToken } from '../../src/operations/access/create-token.ts';
import { revokeToken } from '../../src/operations/access/revoke-token.ts';
import type { TokenId } from '../../src/domain/ids.ts';
import { type ServiceOptions, startService } from '../../src/service.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { databaseSettings, queryDatabase } from './database.ts';
import { type BodyChanges, PROVISION, type ProvisionAnswer, provisionBody } from './bodies.ts';

export const TEST_TOKEN = 'a-token-for-tests-only-0001';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body, parsed. */
  json: any;
}

/** What a caller with the bootstrap token does. */
export interface Calls {
  url: string;
  /** POSTs a body (an object is sent as JSON) with the bootstrap token, unless the headers say otherwise. */
  post(path: string, body: unknown, headers?: Record<string, string | undefined>): Promise<Answer>;
  provision(changes?: BodyChanges, headers?: Record<string, string | undefined>): Promise<Answer & { data: ProvisionAnswer['data'] }>;
}

export function callsAt(url: string): Calls {
  const calls: Calls = {
    url,
    post: (path, body, headers = {}) => post(`${url}${path}`, body, { 'X-AUTH-TOKEN': TEST_TOKEN, ...headers }),
    async provision(changes, headers) {
      const answer = await calls.post(PROVISION, provisionBody(changes), headers);
      return { ...answer, data: answer.json?.data };
    },
  };
  return calls;
}

export interface TestServer extends Calls {
  dataDir: string;
  /** For another server or a command on the same database: where it is, and the key to it. */
  settings: Record<string, string>;
  /** SQLite's file. */
  databasePath: string;
  /** Everything logged so far. */
  logged(): string;
  /** Turns the server's clock. */
  advance(ms: number): void;
  now(): number;
  /** Makes another tenant with a token, as the command line does: beside the running server. */
  addTenant(name: string, choices?: { onDifference?: OnDifference; passwordDisclosure?: PasswordDisclosure }): Promise<string>;
  addToken(tenant: string, options?: { scopes?: Scope[]; expiresAt?: number }): Promise<{ token: string; tokenId: number }>;
  /** As the command line does. */
  revoke(tokenId: number): Promise<void>;
  /** Looks into the database, beside the running server. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

const directories: string[] = [];
process.once('exit', () => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Removed when the process ends, and so after every server that a test leaves to its `after` hooks. */
export function makeDataDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'parley-'));
  directories.push(directory);
  return directory;
}

/** A real server on a free port over a real file, in this process so that its clock can be turned. Stopped when the test ends. */
export async function startTestServer(
  t: TestContext,
  environment: Record<string, string> = {},
  serviceOptions: Pick<ServiceOptions, 'connectors' | 'store'> = {},
): Promise<TestServer> {
  const dataDir = environment.PARLEY_DATA_DIR ?? makeDataDir();
  const given = environment.PARLEY_DATABASE_URL;
  const place = { PARLEY_DATA_DIR: dataDir, ...(given === undefined ? await databaseSettings() : { PARLEY_DATABASE_URL: given }) };
  const config = readConfig({
    ...place,
    PARLEY_PORT: '0',
    PARLEY_BOOTSTRAP_TOKEN: TEST_TOKEN,
    PARLEY_RATE_LIMIT: '100000000',
    ...environment,
  });
  let offsetMs = 0;
  const now = (): number => Date.now() + offsetMs;
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const service = await startService(config, { log: makeLog(config.logLevel, sink), now, ...serviceOptions });
  t.after(() => service.stop());

  const { database } = config;
  async function withStore<T>(use: (store: Store) => Promise<T>): Promise<T> {
    const store = await openStore(database);
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  const server: TestServer = {
    ...callsAt(service.url),
    dataDir,
    settings: place,
    databasePath: database.engine === 'sqlite' ? database.path : '',
    logged: () => lines.join(''),
    now,
    advance: (ms) => {
      offsetMs += ms;
    },
    async addTenant(name, choices = {}) {
      await withStore((store) => createTenant(store, { name, ...choices }, now()));
      return (await server.addToken(name)).token;
    },
    addToken: (name, options = {}) =>
      withStore(async (store) => {
        const tenant = (await store.listTenants()).find((one) => one.name === name);
        if (tenant === undefined) throw new Error(`no tenant ${name}`);
        const { token, tokenId } = await createToken(store, { tenant, name: 'test', ...options }, now());
        return { token: token.reveal(), tokenId };
      }),
    revoke: async (tokenId) => assert.ok(await withStore((store) => revokeToken(store, tokenId as TokenId, now()))),
    query: (sql) => queryDatabase(database, sql),
    stop: () => service.stop(),
  };
  return server;
}

/** One POST. A string, bytes or a stream goes as it is; anything else as JSON. A header given as undefined is left out. */
export async function post(url: string, body: unknown, headers: Record<string, string | undefined> = {}): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const sent = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const response = await fetch(url, { method: 'POST', headers: sent, body: (isRaw ? body : JSON.stringify(body)) as string });
  return readAnswer(response);
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}
