import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig, type PoolClient, type QueryResultRow } from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { OperatorError, ProvisioningError } from '../../domain/errors.ts';
import type { Secret } from '../../domain/secret.ts';
import type { PostgresLocation } from '../location.ts';
import { Connections, readersOf, TYPES } from './connections.ts';

/** Without them `pg` waits for ever on a network that swallows packets. */
const TIMEOUTS = { connectionTimeoutMillis: 3_000, query_timeout: 5_000, keepAlive: true, keepAliveInitialDelayMillis: 5_000 } as const;
/** The server's own, so that what we gave up on does not go on there. */
const SERVER_TIMEOUTS = { statement_timeout: 4_000, lock_timeout: 2_000, idle_in_transaction_session_timeout: 3_000 } as const;
/** Longer than any statement runs: what is still open after that has nobody at its other end. */
const RETIRE_MS = 6_000;
const CLOSE_MS = 1_000;

/** https://www.postgresql.org/docs/15/errcodes-appendix.html: what says nothing of the statement, but of the server or the moment. */
const UNAVAILABLE = /^(08|53|57|58|XX)|^25006$|^55P03$|^28|^3D000$/;
/** `pg`'s own words and the socket's. */
const CONNECTION_LOST = /^Query read timeout$|^Connection terminated unexpectedly$|ECONNRESET|EPIPE|ETIMEDOUT/;
const TOO_MANY_CONNECTIONS = '53300';
const TOO_MANY_WAIT_MS = 50;
const RETRIABLE = /^(40001|40P01|23505)$/;

type Parameter = string | number | boolean | null | Uint8Array | readonly (string | number | Uint8Array)[];

/**
 * What went wrong in the database, in words that may be logged: PostgreSQL's own error has the row's values in its details.
 */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
  /** SQLSTATE; undefined where no answer came, so that the outcome is unknown. */
  readonly sqlState: string | undefined;

  constructor(cause: Error) {
    const { code } = cause as { code?: string };
    const isAnswer = 'severity' in cause;
    super(isAnswer ? `${code}: ${cause.message}` : cause.message || code || 'no connection');
    this.sqlState = isAnswer ? code : undefined;
  }

  /** The server is away, full, busy or being stopped, or a lock is not to be had: the same statement may succeed later. */
  get isUnavailable(): boolean {
    return this.sqlState === undefined || UNAVAILABLE.test(this.sqlState);
  }

  /** The transaction lost against another one and did nothing: it may be tried again at once. */
  get isRetriable(): boolean {
    return this.sqlState !== undefined && RETRIABLE.test(this.sqlState);
  }

  /** A connection that was open is not any more, or nobody answers on it: not one that could not be had in the first place. */
  get isConnectionLost(): boolean {
    return this.sqlState === undefined && CONNECTION_LOST.test(this.message);
  }

  get isLockTimeout(): boolean {
    return this.sqlState === '55P03';
  }
}

/** The connections of one node. No statement is named and no setting is a session's: PgBouncer may stand between. */
export class Database {
  readonly #config: ClientConfig;
  readonly #max: number;
  #current: Connections;
  #isClosed = false;

  private constructor(config: ClientConfig, max: number) {
    this.#config = config;
    this.#max = max;
    this.#current = new Connections(config, max);
  }

  /** Connections for what is not a group of writes. */
  get readers(): number {
    return readersOf(this.#max);
  }

  /** Connects once, so that a wrong address or password is one sentence at start. */
  static async connect({ url, connections }: PostgresLocation): Promise<Database> {
    const config = readPostgresUrl(url);
    try {
      await tryConnecting(config);
      return new Database(config, connections);
    } catch (error) {
      // PgBouncer refuses settings of a session: the limits within the statements and on this side remain.
      if (!(error as Error).message.includes('unsupported startup parameter')) throw explainConnectFailure(config, error as Error);
    }
    const plain = { ...config };
    for (const name of Object.keys(SERVER_TIMEOUTS)) delete plain[name as keyof ClientConfig];
    await tryConnecting(plain).catch((error: unknown) => {
      throw explainConnectFailure(config, error as Error);
    });
    return new Database(plain, connections);
  }

  async query<R extends QueryResultRow>(text: string, values: Parameter[] = [], { timeoutMs }: { timeoutMs?: number } = {}): Promise<R[]> {
    return this.#use(async ({ pool }) => {
      return (await pool.query<R>({ text, values, ...(timeoutMs !== undefined && { query_timeout: timeoutMs }) })).rows;
    });
  }

  /** On the connection that is kept for groups of writes. */
  async write<R extends QueryResultRow>(text: string, values: Parameter[]): Promise<R[]> {
    return this.#use(async ({ writer }) => (await writer.query<R>({ text, values })).rows);
  }

  /** For what takes long or many statements: with its own time limit, and on one connection from beginning to end. */
  async transaction<T>(timeoutMs: number, work: (query: Query) => Promise<T>): Promise<T> {
    return this.#use(async ({ pool }) => {
      let client: PoolClient | undefined;
      try {
        client = await pool.connect();
        const connection = client;
        // A connection that breaks says so to its query, and here as well: unheard, that would end the process.
        connection.on('error', ignore);
        const query: Query = async (text, values = []) =>
          (await connection.query({ text, values, query_timeout: timeoutMs } as { text: string; values: Parameter[] })).rows;
        await query(['begin', ...Object.keys(SERVER_TIMEOUTS).map((limit) => `set local ${limit} = ${timeoutMs}`)].join('; '));
        const result = await work(query);
        await query('commit');
        connection.off('error', ignore);
        client.release();
        return result;
      } catch (error) {
        // Whatever state the connection is in goes with it.
        client?.release(true);
        throw error;
      }
    });
  }

  /** A connection of its own, outside of the pools, for LISTEN. */
  async openSession(): Promise<Client> {
    const client = new Client({ ...this.#config, types: TYPES });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#current.retire(CLOSE_MS);
  }

  async #use<T>(work: (connections: Connections) => Promise<T>): Promise<T> {
    const latest = performance.now() + TIMEOUTS.connectionTimeoutMillis;
    for (;;) {
      const connections = this.#current;
      try {
        return await connections.use(work);
      } catch (error) {
        if (error instanceof OperatorError || error instanceof ProvisioningError) throw error;
        const failure = new PostgresError(error as Error);
        if (failure.isConnectionLost) this.#replace(connections, error as Error);
        // Nothing was tried. The server gives fewer than this node may hold: soon one of them is free.
        if (failure.sqlState !== TOO_MANY_CONNECTIONS || performance.now() > latest) throw failure;
      }
      await connections.spareOne().catch(() => {});
      await delay(TOO_MANY_WAIT_MS * (0.5 + Math.random()));
    }
  }

  /** Without this each of the pool's dead connections would keep somebody waiting until its time is up. */
  #replace(lost: Connections, reason: Error): void {
    if (this.#current !== lost || this.#isClosed) return;
    this.#current = new Connections(this.#config, this.#max);
    lost.giveUp(reason, RETIRE_MS);
  }
}

function ignore(): void {}

export type Query = (text: string, values?: Parameter[]) => Promise<any[]>;

function readPostgresUrl(url: Secret): ClientConfig {
  try {
    return { ...parseIntoClientConfig(compatible(url.reveal())), ...TIMEOUTS, ...SERVER_TIMEOUTS, application_name: 'parley' };
  } catch (error) {
    // A certificate that cannot be read, say.
    throw new OperatorError(`PARLEY_DATABASE_URL: ${(error as Error).message}`, { cause: error });
  }
}

/** sslmode as libpq has it: `require` encrypts, `verify-full` also checks who answers. */
function compatible(url: string): string {
  const parsed = new URL(url);
  if (parsed.searchParams.has('sslmode')) parsed.searchParams.set('uselibpqcompat', 'true');
  return parsed.href;
}

async function tryConnecting(config: ClientConfig): Promise<void> {
  const client = new Client(config);
  client.on('error', () => {});
  try {
    await client.connect();
  } finally {
    // After a refusal there is nobody to say goodbye to, and a black hole never answers it.
    client.end().catch(() => {});
  }
}

function explainConnectFailure({ host, port, database, user }: ClientConfig, error: Error): OperatorError {
  const { code } = error as { code?: string };
  const where = `PostgreSQL at ${host}:${port ?? 5432}`;
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: `${where} refuses connections. Start it, or correct PARLEY_DATABASE_URL.`,
    ENOTFOUND: `The host ${host} of PARLEY_DATABASE_URL is not known.`,
    '28P01': `${where} refuses the password of user "${user}". Correct PARLEY_DATABASE_URL.`,
    '28000': `${where} refuses user "${user}": ${error.message}.`,
    '3D000': `${where} has no database "${database}". Make it (createdb ${database}), or correct PARLEY_DATABASE_URL.`,
  };
  return new OperatorError(
    reasons[code ?? ''] ?? `${where} cannot be reached: ${error.message}. Check PARLEY_DATABASE_URL and the network.`,
    {
      cause: error,
    },
  );
}
