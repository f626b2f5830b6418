import { openDelimited } from './delimited.ts';
import { openJsonLines } from './json-lines.ts';
import { type Table, TableError, type TableFormat } from './table.ts';
import { openWorkbook } from './workbook.ts';

export interface TableOptions {
  /** Left out: by the first bytes. */
  format?: TableFormat | undefined;
  /** Left out: by its mark, or by the bytes themselves (UTF-8, UTF-16, Windows-1252). */
  encoding?: string | undefined;
  /** Left out: by the first lines. */
  delimiter?: string | undefined;
  /** Of a workbook. Left out: the first. */
  sheet?: string | undefined;
}

/** What is told apart by its first bytes and is no table, and what to do about it. */
const FOREIGN: readonly { begins: (head: string) => boolean; problem: string }[] = [
  {
    begins: (head) => head.startsWith('\u00d0\u00cf\u0011\u00e0'),
    problem: 'is a workbook of the old kind (.xls) or one with a password. Save it as .xlsx without a password, or as CSV',
  },
  { begins: (head) => head.startsWith('%PDF'), problem: 'is a PDF. Export the table itself, as CSV or .xlsx' },
  { begins: (head) => head.startsWith('\u001f\u008b'), problem: 'is compressed. Unpack it first: gunzip -k FILE' },
  {
    begins: (head) => /^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml)/i.test(head),
    problem: 'is a web page or XML, whatever its name says. Open it in a spreadsheet and save it as CSV or .xlsx',
  },
  { begins: (head) => /^(?:\xef\xbb\xbf)?\s*\[/.test(head), problem: 'is one JSON array. Write one object in each line: jq -c ".[]" FILE' },
];

/** Opens a file that somebody has exported, whatever of CSV, NDJSON and XLSX it is. Read in a stream: a row is held only as long as it is looked at. */
export async function openTable(bytes: AsyncIterable<Uint8Array>, options: TableOptions = {}): Promise<Table> {
  const { first, all } = await peek(bytes);
  const head = Buffer.from(first.subarray(0, 512)).toString('latin1');
  if (first.length === 0) throw new TableError('The file is empty.');
  const foreign = options.format === undefined ? FOREIGN.find(({ begins }) => begins(head)) : undefined;
  if (foreign !== undefined) throw new TableError(`The file ${foreign.problem}.`);
  const format = options.format ?? (head.startsWith('PK\x03\x04') ? 'xlsx' : /^(?:\xef\xbb\xbf)?\s*\{/.test(head) ? 'ndjson' : 'csv');
  if (format === 'xlsx') return openWorkbook(all, options);
  return format === 'ndjson' ? openJsonLines(all, options) : openDelimited(all, options);
}

async function peek(bytes: AsyncIterable<Uint8Array>): Promise<{ first: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator = bytes[Symbol.asyncIterator]();
  let next = await iterator.next();
  while (!next.done && next.value.length === 0) next = await iterator.next();
  const first: Uint8Array = next.done ? new Uint8Array() : next.value;
  return { first, all: rest(first, iterator) };
}

async function* rest(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield first;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}
