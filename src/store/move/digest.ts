import { createHash } from 'node:crypto';
import type { MovedTable } from './moved-table.ts';
import type { MovedRow } from './tables.ts';

export interface TableDigest {
  rows: number;
  /** SHA-256 in hex, over a line of JSON for each row, in the order of the key. */
  sha256: string;
}

/** Adds up the rows of one table on one side. */
export class TableDigester {
  readonly #columns: readonly string[];
  readonly #hash = createHash('sha256');
  #rows = 0;

  constructor({ columns }: MovedTable) {
    this.#columns = columns;
  }

  add(rows: readonly MovedRow[]): void {
    this.#rows += rows.length;
    this.#hash.update(rows.map((row) => `${JSON.stringify(this.#columns.map((column) => row[column]))}\n`).join(''));
  }

  finish(): TableDigest {
    return { rows: this.#rows, sha256: this.#hash.digest('hex') };
  }
}
