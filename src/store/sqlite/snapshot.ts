import type { DatabaseSync } from 'node:sqlite';

/**
 * One read transaction for all reads of one turn of the event loop: taking and dropping the file's locks costs several times what a look-up does.
 * Whoever learns that a write is committed closes it first, so that nobody who was told of a write can read what was before it.
 */
export class Snapshot {
  readonly #db: DatabaseSync;
  readonly #begin;
  readonly #commit;
  readonly #closeLater = (): void => this.close();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#begin = db.prepare('begin');
    this.#commit = db.prepare('commit');
  }

  open(): void {
    if (this.#db.isTransaction) return;
    this.#begin.run();
    setImmediate(this.#closeLater);
  }

  close(): void {
    if (this.#db.isOpen && this.#db.isTransaction) this.#commit.run();
  }
}
