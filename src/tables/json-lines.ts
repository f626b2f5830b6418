import type { Cell } from '../domain/moving/cells.ts';
import { ProvisioningError } from '../domain/errors.ts';
import { isObject, parseJson } from '../domain/json-gate.ts';
import { decode } from './encodings.ts';
import { type Row, type Table, TableError } from './table.ts';

const MAX_LINE_CHARACTERS = 1_048_576;

/** One JSON object in a line. What is nested is named by its path: `client.externalId`. */
export function openJsonLines(bytes: AsyncIterable<Uint8Array>, { encoding }: { encoding?: string | undefined }): Table {
  const decoded = decode(bytes, encoding);
  const names: string[] = [];
  return { format: 'ndjson', encoding, delimiter: undefined, names, rows: read(decoded.text, names) };
}

async function* read(text: AsyncIterable<string>, names: string[]): AsyncGenerator<Row, void, undefined> {
  const places = new Map<string, number>();
  let number = 0;
  for await (const line of linesOf(text)) {
    number++;
    const cells: Cell[] = [];
    for (const [name, cell] of line.trim() === '' ? [] : membersOf(parseLine(line, number), '')) {
      let place = places.get(name);
      if (place === undefined) {
        place = names.push(name) - 1;
        places.set(name, place);
      }
      cells[place] = cell;
    }
    yield { number, cells: Array.from(cells, (cell) => cell ?? null) };
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  let isFirst = true;
  for await (const piece of text) {
    const lines = (rest + (isFirst ? piece.replace(/^\uFEFF/, '') : piece)).split('\n');
    isFirst = false;
    rest = lines.pop() as string;
    if (rest.length > MAX_LINE_CHARACTERS) throw new TableError('A line is longer than 1 MiB. Write one JSON object in each line.');
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function parseLine(line: string, number: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = parseJson(Buffer.from(line));
  } catch (error) {
    if (!(error instanceof ProvisioningError)) throw error;
    throw new TableError(`Line ${number} is not JSON: ${error.message} Write one JSON object in each line, and nothing else.`);
  }
  if (!isObject(value)) throw new TableError(`Line ${number} must be a JSON object, such as {"client":{"externalId":100}}.`);
  return value;
}

function* membersOf(object: Record<string, unknown>, path: string): Generator<[string, Cell], void, undefined> {
  for (const [name, value] of Object.entries(object)) {
    if (isObject(value)) yield* membersOf(value, `${path}${name}.`);
    else yield [path + name, Array.isArray(value) ? JSON.stringify(value) : (value as Cell)];
  }
}
