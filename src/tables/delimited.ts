import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { findDelimiter } from './delimiter.ts';
import { decode } from './encodings.ts';
import { type Row, type Table, TableError } from './table.ts';

const SAMPLE_CHARACTERS = 65_536;
/** More than any row that people write. A quotation mark that nobody closes would take the rest of the file. */
const MAX_ROW_CHARACTERS = 1_048_576;

/** RFC 4180, and what is met besides: any of four delimiters, any line end, rows of other lengths, stray quotation marks. */
export async function openDelimited(
  bytes: AsyncIterable<Uint8Array>,
  { encoding, delimiter }: { encoding?: string | undefined; delimiter?: string | undefined },
): Promise<Table> {
  const decoded = decode(bytes, encoding);
  const text = decoded.text[Symbol.asyncIterator]();
  const { sample, isAll } = await readSample(text);
  const found = delimiter === undefined ? findDelimiter(sample) : { delimiter, skip: 0 };
  const parser = parse({
    delimiter: found.delimiter,
    bom: true,
    relax_quotes: true,
    relax_column_count: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: MAX_ROW_CHARACTERS,
  });
  const source = Readable.from(remainder(sample.slice(found.skip), isAll ? undefined : text));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  const first = found.skip > 0 ? 2 : 1;
  return { format: 'csv', encoding: decoded.encoding(), delimiter: found.delimiter, names: undefined, rows: number(parser, first) };
}

async function readSample(text: AsyncIterator<string>): Promise<{ sample: string; isAll: boolean }> {
  let sample = '';
  while (sample.length < SAMPLE_CHARACTERS) {
    const { value, done } = await text.next();
    if (done) return { sample, isAll: true };
    sample += value;
  }
  return { sample, isAll: false };
}

async function* remainder(sample: string, text: AsyncIterator<string> | undefined): AsyncGenerator<string, void, undefined> {
  if (sample !== '') yield sample;
  if (text === undefined) return;
  for (let next = await text.next(); !next.done; next = await text.next()) if (next.value !== '') yield next.value;
}

async function* number(parser: AsyncIterable<string[]>, first: number): AsyncGenerator<Row, void, undefined> {
  let row = first;
  try {
    for await (const cells of parser) yield { number: row++, cells };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE')
      throw new TableError(
        `Row ${row} opens a quotation mark that is never closed. Close it, or write it twice where it belongs to the text.`,
      );
    throw new TableError(`Row ${row} cannot be read: ${error.message}`);
  }
}
