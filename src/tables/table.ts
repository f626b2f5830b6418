import type { Cell } from '../domain/moving/cells.ts';

/** A row of cells, numbered as a spreadsheet numbers it: from 1 on, blank rows counted. */
export interface Row {
  number: number;
  cells: readonly Cell[];
}

export type TableFormat = 'csv' | 'ndjson' | 'xlsx';

export interface Table {
  format: TableFormat;
  /** Of a text file. */
  encoding: string | undefined;
  /** Of a CSV file. */
  delimiter: string | undefined;
  /** What each row calls its cells, where it says so itself (NDJSON). A name that comes up later is added at the end. */
  names: readonly string[] | undefined;
  /** To be read once. */
  rows: AsyncIterable<Row>;
}

/** The file cannot be read on from here. The sentence says what to do. */
export class TableError extends Error {
  override readonly name = 'TableError';
}
