import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readConfig } from '../src/config.ts';
import { generateToken } from '../src/domain/token.ts';
import { createBridge } from '../src/operations/bridges/bridges.ts';
import { findTenant } from '../src/operations/access/find-tenant.ts';
import { openStore } from '../src/store/open-store.ts';
import { type Cluster, startCluster } from '../test/support/cluster.ts';
import type { Drive, Driven } from './load/generator.ts';
import { PATHS } from './load/calls.ts';
import { provisionBody } from './load/provision.ts';
import type { Looped } from './load/loops.ts';
import type { ByHandOptions } from './processes/by-hand.ts';
import type { BareHttpOptions } from './processes/bare-http.ts';
import { type Child, startChild } from './processes/child.ts';
import type { ProvisionLoops } from './processes/directory.ts';
import type { ParleyOptions } from './processes/parley.ts';
import type { RawPgOptions } from './processes/raw-pg.ts';
import type { Profile } from './profile.ts';

export type HttpServer = Child<{ url: string }>;
export type Generator = Child<object>;
export type LoopProcess = Child<object>;

/** The data directory holds the master key, and the records too where there is no address of a PostgreSQL. */
export interface Database {
  dataDir: string;
  databaseUrl?: string;
}

export interface PostgresDatabase extends Database {
  databaseUrl: string;
}

/** What a server has written since it began. */
export interface Written {
  /** Clients that were made. */
  provisions: number;
  /** More than the provisions where one had to be written again, because another was faster. */
  writes: number;
  /** Transactions in which they went: on PostgreSQL each is one round trip. */
  groups: number;
}

const RANGE = 10_000_000;
const PRELOAD_LOOPS = 512;

/** Of all labs: what an interrupted run leaves is removed all the same. Its processes are killed first, and die a moment later. */
const directories = new Set<string>();
process.once('exit', () => {
  for (const path of directories) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
});

/** Makes databases and processes for one section, and takes all of them away again. */
export class Lab {
  readonly profile: Profile;
  readonly token = generateToken({ isSandbox: false }).reveal();
  readonly #directories: string[] = [];
  readonly #children: Child<object>[] = [];
  readonly #clusters: Cluster[] = [];
  #nextExternalId = RANGE;

  constructor(profile: Profile) {
    this.profile = profile;
  }

  /** Bootstrapped, with this many clients, provisioned one by one by the store's own code. */
  async makeDatabase(clients: number): Promise<Database> {
    return this.#fill({ dataDir: await this.#makeDirectory() }, clients);
  }

  /** The same on PostgreSQL. */
  async makePostgresDatabase(cluster: Cluster, clients: number): Promise<PostgresDatabase> {
    return this.#fill({ dataDir: await this.#makeDirectory(), databaseUrl: await cluster.createDatabase() }, clients);
  }

  /** A PostgreSQL of this section's own, with the settings that it comes with. */
  async startPostgres(): Promise<Cluster> {
    const cluster = await startCluster();
    this.#clusters.push(cluster);
    return cluster;
  }

  startParley(database: Database, options: Partial<ParleyOptions> = {}): Promise<HttpServer> {
    return this.#start<{ url: string }>('processes/parley.ts', { ...database, token: this.token, ...options });
  }

  /** A bridge of tenant `default`, made beside the server; its credential. */
  async makeBridge({ dataDir }: Database): Promise<string> {
    const store = await openStore(readConfig({ PARLEY_DATA_DIR: dataDir }).database);
    try {
      const wish = { name: 'bench', dialect: 'json', tenant: await findTenant(store, 'default'), settings: {}, secrets: {} };
      const openVault = () => Promise.reject(new Error('there are no secrets to seal'));
      return (await createBridge(store, openVault, wish, Date.now())).token.reveal();
    } finally {
      await store.close();
    }
  }

  startBareHttp(answer: string, { databaseUrl }: Partial<PostgresDatabase> = {}): Promise<HttpServer> {
    const options: BareHttpOptions = { answer, ...(databaseUrl !== undefined && { databaseUrl }) };
    return this.#start<{ url: string }>('processes/bare-http.ts', options);
  }

  /** With this many clients already, by its own requests. */
  async startByHand(clients: number): Promise<HttpServer> {
    const options: ByHandOptions = { path: join(await this.#makeDirectory(), 'by-hand.db'), token: this.token };
    const script = await this.#start<{ url: string }>('processes/by-hand.ts', options);
    for (let nth = 1; nth <= clients; nth++) await this.post(script, PATHS.create, provisionBody(nth));
    return script;
  }

  startGenerator(): Promise<Generator> {
    return this.#start<object>('load/generator.ts', {});
  }

  startDirectory(database: Database): Promise<LoopProcess> {
    return this.#start<object>('processes/directory.ts', { ...database, token: this.token });
  }

  startRawPg({ databaseUrl }: PostgresDatabase): Promise<LoopProcess> {
    const options: RawPgOptions = { databaseUrl };
    return this.#start<object>('processes/raw-pg.ts', options);
  }

  drive(generator: Generator, server: HttpServer, load: Omit<Drive, 'url' | 'token'> & { token?: string }): Promise<Driven> {
    const question: Drive = { url: server.ready.url, token: this.token, ...load };
    return generator.ask<Driven>(question);
  }

  /** The first of a range of external ids that nobody has used. */
  takeExternalIds(): number {
    this.#nextExternalId += RANGE;
    return this.#nextExternalId;
  }

  async post(server: HttpServer, path: string, body: object, token = this.token): Promise<string> {
    const headers = { 'content-type': 'application/json', 'x-auth-token': token };
    const response = await fetch(`${server.ready.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.text();
  }

  /** Until every client that there is can be found by its words. */
  async waitForSearch(server: HttpServer): Promise<void> {
    for (;;) {
      const metrics = await (await fetch(`${server.ready.url}/metrics`)).text();
      if (/^parley_search_behind 0$/m.test(metrics)) break;
      await delay(1_000);
    }
    // Within seconds the index is brought together.
    await delay(15_000);
  }

  async countWritten(server: HttpServer): Promise<Written> {
    const metrics = await (await fetch(`${server.ready.url}/metrics`)).text();
    const read = (sample: string): number => {
      const line = metrics.split('\n').find((text) => text.startsWith(`${sample} `));
      return Number(line?.slice(sample.length) ?? 0);
    };
    return {
      provisions: read('parley_provisions_total{outcome="created"}'),
      writes: read('parley_store_group_size_sum'),
      groups: read('parley_store_group_size_count'),
    };
  }

  async stopProcesses(): Promise<void> {
    await Promise.all(this.#children.splice(0).map((child) => child.stop()));
  }

  async clear(): Promise<void> {
    await this.stopProcesses();
    await Promise.all(this.#clusters.splice(0).map((cluster) => cluster.remove()));
    await Promise.all(this.#directories.splice(0).map((path) => rm(path, { recursive: true, force: true })));
  }

  async #makeDirectory(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'parley-bench-'));
    this.#directories.push(path);
    directories.add(path);
    return path;
  }

  async #fill<Made extends Database>(database: Made, clients: number): Promise<Made> {
    const directory = await startChild<object>('processes/directory.ts', { ...database, token: this.token });
    const preload: ProvisionLoops = { loops: PRELOAD_LOOPS, firstExternalId: 1, count: clients };
    await directory.ask<Looped>(preload);
    await directory.stop();
    return database;
  }

  async #start<Ready extends object>(script: string, options: object): Promise<Child<Ready>> {
    const child = await startChild<Ready>(script, options);
    this.#children.push(child);
    return child;
  }
}
