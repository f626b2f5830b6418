import type { Cell } from '../domain/moving/cells.ts';
import { type Columns, findColumns, findHeadings } from '../domain/moving/columns.ts';
import type { Mapping } from '../domain/moving/mapping.ts';
import { findCommonCodeLength, kindOfRow, type MovedRow, readRow } from '../domain/moving/rows.ts';
import { type Row, type Table, TableError } from './table.ts';

/** A row as it was read, with its own cells as text. */
export interface ReadRow extends MovedRow {
  cells: readonly string[];
}

/** Rows that are no client, and why they were passed over. */
export interface PassedOver {
  row: number;
  why: 'before the headings' | 'the headings once more' | 'a total';
}

export interface Moved {
  /** As the first rows show them. */
  columns: Columns;
  headings: readonly string[];
  /** Fills while the rows are read; the first hundred. */
  passedOver: readonly PassedOver[];
  rows: AsyncIterable<ReadRow>;
}

/** Enough to see which row holds the headings, and how long codes are. */
const SAMPLE_ROWS = 1_000;
const TOLD = 100;

/** Finds the headings and what they mean, then reads row after row. Fails with a sentence where the file cannot be understood. */
export async function readMoved(table: Table, mapping: Mapping): Promise<Moved> {
  const source = table.rows[Symbol.asyncIterator]();
  const sample: Row[] = [];
  for (let next = await source.next(); !next.done; next = await source.next()) {
    sample.push(next.value);
    if (sample.length >= SAMPLE_ROWS) break;
  }
  const passedOver: PassedOver[] = [];
  const headings = table.names ?? takeHeadings(sample, mapping, passedOver);
  let columns = understand(headings, mapping);
  let known = headings.length;
  const common = findCommonCodeLength(
    sample.map(({ cells }) => cells),
    columns,
  );
  return { columns, headings, passedOver, rows: read() };

  async function* read(): AsyncGenerator<ReadRow, void, undefined> {
    for (const row of sample.splice(0)) yield* one(row);
    for (let next = await source.next(); !next.done; next = await source.next()) yield* one(next.value);
  }

  function* one({ number, cells }: Row): Generator<ReadRow, void, undefined> {
    if (headings.length > known) {
      columns = understand(headings, mapping);
      known = headings.length;
    }
    const kind = kindOfRow(cells, columns);
    if (kind === 'client') yield { ...readRow(number, cells, columns, mapping, common), cells: cells.map(toText) };
    else if (kind !== 'blank' && passedOver.length < TOLD)
      passedOver.push({ row: number, why: kind === 'total' ? 'a total' : 'the headings once more' });
  }
}

function takeHeadings(sample: Row[], mapping: Mapping, passedOver: PassedOver[]): readonly string[] {
  const filled = sample.filter(({ cells }) => cells.some((cell) => toText(cell).trim() !== ''));
  const first = filled[0];
  if (first === undefined) throw new TableError('The file has no rows.');
  const texts = filled.map(({ number, cells }) => ({ number, cells: cells.map((cell) => toText(cell).trim()) }));
  const at = findHeadings(texts, mapping);
  if (at === undefined) {
    if (mapping.headings !== undefined) return mapping.headings;
    const shown = texts[0]?.cells.filter((cell) => cell !== '').slice(0, 8);
    throw new TableError(
      `No column has a heading that means something here. The first row is: ${shown?.map((cell) => `"${cell}"`).join(', ')}. Say which columns there are with --map FIELD=HEADING, or name the columns of a file without headings with --headings.`,
    );
  }
  const row = filled[at] as Row;
  for (const { number } of filled.slice(0, at)) passedOver.push({ row: number, why: 'before the headings' });
  sample.splice(0, sample.indexOf(row) + 1);
  return texts[at]?.cells ?? [];
}

function understand(headings: readonly string[], mapping: Mapping): Columns {
  const found = findColumns(headings, mapping);
  if ('problems' in found) throw new TableError(found.problems.join('\n'));
  return found;
}

function toText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString() : String(cell);
}
