import type { Client } from 'pg';
import type { Database } from './database.ts';

const CHECK_EVERY_MS = 5_000;
export const SIGNALS = 'parley_signals';

/**
 * Hears at once what another node has changed (the trigger on `revisions`). A connection that drops or goes silent is replaced; whoever
 * listens polls as well, because nothing is heard meanwhile, nor through PgBouncer.
 */
export class Listener {
  readonly #database: Database;
  #session: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isConnecting = false;
  #isStopped = false;
  readonly #hearing: ((text: string) => void)[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  start(onChange: () => void): void {
    this.#timer ??= setInterval(() => void this.#check(onChange), CHECK_EVERY_MS);
    void this.#check(onChange);
  }

  /** What nodes say to each other. */
  hear(hear: (text: string) => void): void {
    this.#hearing.push(hear);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#session?.end().catch(() => {});
  }

  async #check(onChange: () => void): Promise<void> {
    if (this.#isConnecting || this.#isStopped) return;
    this.#isConnecting = true;
    try {
      if (this.#session === undefined) await this.#connect(onChange);
      else await this.#session.query('select 1');
    } catch {
      this.#drop();
    } finally {
      this.#isConnecting = false;
    }
  }

  async #connect(onChange: () => void): Promise<void> {
    const session = await this.#database.openSession();
    session.on('notification', ({ channel, payload = '' }) => {
      if (channel === SIGNALS) for (const hear of this.#hearing) hear(payload);
      else onChange();
    });
    session.on('end', () => this.#drop());
    this.#session = session;
    await session.query(`listen ${SIGNALS}`);
    await session.query('listen parley');
    // Stopped while it was connecting.
    if (this.#isStopped) await session.end();
    // What happened while nobody was listening.
    else onChange();
  }

  #drop(): void {
    const session = this.#session;
    this.#session = undefined;
    session?.end().catch(() => {});
  }
}
