import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { OperatorError } from '../../../domain/errors.ts';
import { NEEDED } from '../../../domain/moving/fields.ts';
import type { Mapping } from '../../../domain/moving/mapping.ts';
import { openTable } from '../../../tables/open-table.ts';
import { type Moved, readMoved, type ReadRow } from '../../../tables/read-moved.ts';
import { type Table, TableError } from '../../../tables/table.ts';
import { cannotRead, STANDARD_INPUT } from '../read-record.ts';
import type { FileOptions } from './file-options.ts';
import type { SheetRow } from './sheet-row.ts';
import type { Worksheet } from './worksheet.ts';

/** What was found out about a file, to be shown. */
export interface FileReport {
  format: Table['format'];
  encoding: string | undefined;
  delimiter: string | undefined;
  columns: { heading: string; field: string | null }[];
  passedOver: { row: number; why: string }[];
  /** Fields that `plan` and `apply` do not carry over. */
  presets: string[];
}

const ROWS_IN_A_TRANSACTION = 5_000;
const PRESETS = ['clientId', 'moderatorPassCode', 'participantPassCode', 'hubName'] as const;
/** Whole pages of a disk, and few of them under way. */
const READ_BYTES = 262_144;

/** What a worksheet was made from: the bytes, and how they were to be read. */
export async function digestOf(path: string, mapping: Mapping): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(mapping));
  for await (const chunk of await readable(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** Reads all rows of the file into the worksheet. `needed`: the fields without which there is nothing to do. */
export async function fillWorksheet(
  sheet: Worksheet,
  path: string,
  { options, mapping, needed }: { options: FileOptions; mapping: Mapping; needed: readonly (readonly string[])[] },
): Promise<FileReport> {
  try {
    const table = await openTable(await readable(path), options);
    const moved = await readMoved(table, mapping);
    requireFields(moved, mapping, needed);
    await addRows(sheet, moved);
    if (sheet.count() === 0) throw new OperatorError(`${path} has headings and no rows below them.`);
    const { columns, passedOver } = moved;
    sheet.writeMeta('headings', JSON.stringify(columns.all.map(({ heading }) => heading)));
    return {
      format: table.format,
      encoding: table.encoding,
      delimiter: table.delimiter,
      columns: columns.all.map(({ heading, field, place }) => ({ heading, field: field ?? derivedField(moved, place) ?? null })),
      passedOver: [...passedOver],
      presets: PRESETS.filter((field) => columns.places.has(field)),
    };
  } catch (error) {
    if (error instanceof TableError) throw new OperatorError(`${path}: ${error.message}`);
    throw error;
  }
}

/** Every field that a provision needs, as alternatives. */
export const FIELDS_OF_A_PLAN: readonly (readonly string[])[] = NEEDED.map((field) =>
  field === 'client.first' || field === 'client.last' ? [field, 'client.name'] : [field],
);

function requireFields({ columns, headings }: Moved, mapping: Mapping, needed: readonly (readonly string[])[]): void {
  const has = (field: string): boolean =>
    columns.places.has(field as never) ||
    columns.derived.has(field as never) ||
    (mapping.values as Record<string, string>)[field] !== undefined;
  const missing = needed.filter((alternatives) => !alternatives.some(has));
  if (missing.length === 0) return;
  const list = missing.map(([field]) => field).join(', ');
  const [[example]] = missing as [[string]];
  throw new OperatorError(
    `The file has no column for: ${list}.\nIts columns are: ${headings.map((heading) => `"${heading}"`).join(', ')}.\nName the column (--map ${example}=HEADING), or give one value for all rows (--set ${example}=VALUE).`,
  );
}

function derivedField({ columns }: Moved, place: number): string | undefined {
  const found = [...columns.derived].find(([, at]) => at === place);
  return found && `${found[0]} (worked out)`;
}

async function addRows(sheet: Worksheet, { rows }: Moved): Promise<void> {
  const waiting: ReadRow[] = [];
  const flush = (): void => {
    sheet.write(() => {
      for (const row of waiting) sheet.add(toSheetRow(row));
    });
    waiting.length = 0;
  };
  for await (const row of rows) if (waiting.push(row) >= ROWS_IN_A_TRANSACTION) flush();
  flush();
}

function toSheetRow({ row, record, status, preset, cells, problems, repairs }: ReadRow): SheetRow {
  const noted = (list: ReadRow['problems']): SheetRow['detail']['problems'] =>
    list.map(({ column, field, message }) => ({ column: column ?? field, message }));
  const externalId = record.client['externalId'];
  return {
    row,
    externalId: typeof externalId === 'number' ? externalId : null,
    clientId: preset.clientId ?? null,
    record: record as unknown as SheetRow['record'],
    status: status ?? null,
    cells: [...cells],
    outcome: null,
    basis: null,
    drift: null,
    detail: { changes: [], problems: noted(problems), repairs: noted(repairs) },
  };
}

async function readable(path: string): Promise<AsyncIterable<Uint8Array>> {
  if (path === STANDARD_INPUT) return process.stdin;
  const stream = createReadStream(path, { highWaterMark: READ_BYTES });
  try {
    await once(stream, 'open');
  } catch (error) {
    throw cannotRead(path, error);
  }
  return stream;
}
