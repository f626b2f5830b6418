import type { Cell } from '../domain/moving/cells.ts';
import { HucreError } from 'hucre';
import { streamXlsxRows } from 'hucre/xlsx';
import { type Row, type Table, TableError } from './table.ts';

/** The first sheet of a workbook, or the one that is named. Of a formula it has what the spreadsheet had worked out. */
export function openWorkbook(bytes: AsyncIterable<Uint8Array>, { sheet }: { sheet?: string | undefined }): Table {
  return { format: 'xlsx', encoding: undefined, delimiter: undefined, names: undefined, rows: read(bytes, sheet) };
}

async function* read(bytes: AsyncIterable<Uint8Array>, sheet: string | undefined): AsyncGenerator<Row, void, undefined> {
  let next = 1;
  try {
    for await (const { index, values } of streamXlsxRows(ReadableStream.from(bytes), sheet === undefined ? {} : { sheet })) {
      // Blank rows are left out of the file.
      while (next <= index) yield { number: next++, cells: [] };
      yield { number: next++, cells: values.map(toCell) };
    }
  } catch (error) {
    if (!(error instanceof HucreError)) throw error;
    throw new TableError(`The workbook cannot be read: ${error.message}. Save it anew as .xlsx, or as CSV.`);
  }
}

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value instanceof Date;
  return isPlain ? value : JSON.stringify(value);
}
