import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateToken } from '../src/domain/token.ts';
import type { Drive, Driven } from './load/generator.ts';
import type { BareHttpOptions } from './processes/bare-http.ts';
import { type Child, startChild } from './processes/child.ts';
import type { Looped, ProvisionLoops } from './processes/directory.ts';
import type { ParleyOptions } from './processes/parley.ts';
import type { Profile } from './profile.ts';

export type HttpServer = Child<{ url: string }>;
export type Generator = Child<object>;
export type DirectoryProcess = Child<object>;

const RANGE = 10_000_000;
const PRELOAD_LOOPS = 1024;

/** Makes databases and processes for one section, and takes all of them away again. */
export class Lab {
  readonly profile: Profile;
  readonly token = generateToken().reveal();
  readonly #directories: string[] = [];
  readonly #children: Child<object>[] = [];
  #nextExternalId = RANGE;

  constructor(profile: Profile) {
    this.profile = profile;
  }

  /** A data directory with a bootstrapped database that has this many clients, provisioned one by one by the store's own code. */
  async makeDatabase(clients: number): Promise<string> {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'));
    this.#directories.push(dataDir);
    const directory = await startChild<object>('processes/directory.ts', { dataDir, token: this.token });
    const preload: ProvisionLoops = { loops: PRELOAD_LOOPS, firstExternalId: 1, count: clients };
    await directory.ask<Looped>(preload);
    await directory.stop();
    return dataDir;
  }

  startParley(dataDir: string, options: Partial<ParleyOptions> = {}): Promise<HttpServer> {
    return this.#start<{ url: string }>('processes/parley.ts', { dataDir, token: this.token, ...options });
  }

  startBareHttp(answer: string): Promise<HttpServer> {
    const options: BareHttpOptions = { answer };
    return this.#start<{ url: string }>('processes/bare-http.ts', options);
  }

  startGenerator(): Promise<Generator> {
    return this.#start<object>('load/generator.ts', {});
  }

  startDirectory(dataDir: string): Promise<DirectoryProcess> {
    return this.#start<object>('processes/directory.ts', { dataDir, token: this.token });
  }

  drive(generator: Generator, server: HttpServer, load: Omit<Drive, 'url' | 'token'>): Promise<Driven> {
    const question: Drive = { url: server.ready.url, token: this.token, ...load };
    return generator.ask<Driven>(question);
  }

  /** The first of a range of external ids that nobody has used. */
  takeExternalIds(): number {
    this.#nextExternalId += RANGE;
    return this.#nextExternalId;
  }

  async post(server: HttpServer, path: string, body: object): Promise<string> {
    const headers = { 'content-type': 'application/json', 'x-auth-token': this.token };
    const response = await fetch(`${server.ready.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.text();
  }

  async clear(): Promise<void> {
    await Promise.all(this.#children.splice(0).map((child) => child.stop()));
    await Promise.all(this.#directories.splice(0).map((path) => rm(path, { recursive: true, force: true })));
  }

  async #start<Ready extends object>(script: string, options: object): Promise<Child<Ready>> {
    const child = await startChild<Ready>(script, options);
    this.#children.push(child);
    return child;
  }
}
