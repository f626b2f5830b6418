import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type ClientConfig, type CustomTypesConfig, Pool, types } from 'pg';

/** A connection is replaced after this time, so that nodes find their way to a new primary or a new address. */
const CONNECTION_LIFE_SECONDS = 600;
const CONNECTION_IDLE_MS = 60_000;

/** BIGINT comes as text from `pg`; all of ours are below 2^53. */
const INT8 = 20;
export const TYPES: CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format),
};

/** Of so many connections one is for groups of writes, and one listens. */
export function readersOf(max: number): number {
  return max - 2;
}

/** The connections of a node that are alive, or dead, together: when one has gone silent the others are not to be trusted either. */
export class Connections {
  readonly pool: Pool;
  /** One connection is kept for groups of writes: reads, however many, never hold it up. */
  readonly writer: Pool;
  readonly #sockets = new Set<Socket>();
  /** By which those who use them, or wait for one of them, are told that all of them are lost. */
  readonly #users = new Set<(reason: Error) => void>();

  constructor(config: ClientConfig, max: number) {
    this.pool = this.#makePool(config, readersOf(max));
    this.writer = this.#makePool(config, 1);
  }

  /** Does something on these connections; fails as soon as they are given up, also where it still waits for one of them. */
  async use<T>(work: (connections: this) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#users.add(reject);
    try {
      work(this).then(resolve, reject);
      return await promise;
    } finally {
      this.#users.delete(reject);
    }
  }

  /** Reads that are over must not keep the connection that a write needs. */
  async spareOne(): Promise<void> {
    if (this.pool.idleCount > 0) (await this.pool.connect()).release(true);
  }

  giveUp(reason: Error, graceMs: number): void {
    for (const reject of this.#users) reject(reason);
    void this.retire(graceMs);
  }

  /** What is under way may finish within the time. No goodbye is waited for: on a dead connection none comes. */
  async retire(graceMs: number): Promise<void> {
    const ended = Promise.all([this.pool.end(), this.writer.end()]).then(() => this.#whenClosed());
    await Promise.race([ended, delay(graceMs, undefined, { ref: false })]);
    for (const socket of this.#sockets) socket.destroy();
  }

  #makePool(config: ClientConfig, max: number): Pool {
    const pool = new Pool({
      ...config,
      types: TYPES,
      max,
      maxLifetimeSeconds: CONNECTION_LIFE_SECONDS,
      idleTimeoutMillis: CONNECTION_IDLE_MS,
      stream: () => this.#openSocket(),
    });
    // An idle connection that breaks has left the pool already; who asks next gets a new one.
    pool.on('error', () => {});
    return pool;
  }

  #openSocket(): Socket {
    const socket = new Socket();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return socket;
  }

  async #whenClosed(): Promise<void> {
    await Promise.all([...this.#sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  }
}
