import {
  type Cell,
  type Reading,
  mendPostalCode,
  readCode,
  readFlag,
  readId,
  readLine,
  readSecret,
  readStatus,
  readText,
  splitName,
} from './cells.ts';
import type { Columns } from './columns.ts';
import { deriveId } from './derived-id.ts';
import { type Field, kindOf } from './fields.ts';
import type { Mapping } from './mapping.ts';

type Value = string | number | boolean;

/** What a row asks for: the body of a provision call as far as the row has it, the state, and what exists elsewhere already. */
export interface MovedRow {
  row: number;
  record: { company: Record<string, Value>; client: Record<string, Value>; contact: Record<string, Value> };
  status: 'active' | 'inactive' | undefined;
  preset: { clientId?: number; moderatorPassCode?: string; participantPassCode?: string; hubName?: string };
  problems: CellNote[];
  /** What was mended. */
  repairs: CellNote[];
}

export interface CellNote {
  field: Field;
  /** The column's heading. Undefined where there is none. */
  column: string | undefined;
  /** Goes on from the column's name. */
  message: string;
}

/** What is no client: told, and passed over. */
export type RowKind = 'client' | 'blank' | 'headings' | 'total';

const TOTAL =
  /^(?:grand\s+)?(?:sub-?)?(?:totals?|sum|count|somme|summe|gesamt|nombre|suma|records|rows|lignes)\b|^\(?\d+\s+(?:rows?|records?|lignes?|zeilen)\)?$/i;

/** Tells a client from what exports put between and below: blank rows, the headings once more, a total at the end. */
export function kindOfRow(cells: readonly Cell[], columns: Columns): RowKind {
  const texts = cells.map((cell) => (typeof cell === 'string' ? cell.trim() : cell));
  const filled = texts.filter((text) => text !== '' && text !== null);
  if (filled.length === 0) return 'blank';
  if (filled.length > 1 && columns.all.every(({ place, heading }) => (texts[place] ?? '') === heading)) return 'headings';
  const email = columns.places.get('client.email');
  const hasEmail = email !== undefined && typeof texts[email] === 'string' && /@/.test(texts[email]);
  return !hasEmail &&
    filled.some((text) => typeof text === 'string' && TOTAL.test(text)) &&
    filled.length <= Math.max(2, columns.all.length / 2)
    ? 'total'
    : 'client';
}

export function readRow(row: number, cells: readonly Cell[], columns: Columns, mapping: Mapping, commonCodeLength?: number): MovedRow {
  const read: MovedRow = {
    row,
    record: { company: {}, client: {}, contact: {} },
    status: undefined,
    preset: {},
    problems: [],
    repairs: [],
  };
  const values = new Map<Field, Value>();
  const codes = { length: mapping.codeLength, common: commonCodeLength };
  const note = (list: CellNote[], field: Field, message: string): void => {
    const place = columns.places.get(field);
    list.push({ field, column: place === undefined ? undefined : columns.all[place]?.heading, message });
  };
  const take = (field: Field, reading: Reading<Value | undefined>): void => {
    if ('problem' in reading) return note(read.problems, field, reading.problem);
    if (reading.value === undefined) return;
    values.set(field, reading.value);
    if (reading.mended !== undefined) note(read.repairs, field, reading.mended);
  };

  for (const [field, at] of columns.places) take(field, readAs(field, cells[at], codes, mapping));
  for (const [field, at] of columns.derived) {
    const text = readText(cells[at]);
    if ('value' in text && text.value !== undefined) values.set(field, deriveId(text.value));
    else if ('problem' in text) note(read.problems, field, text.problem);
  }
  const name = values.get('client.name');
  if (typeof name === 'string') {
    const { first, last } = splitName(name) ?? { first: name, last: undefined };
    if (!values.has('client.first')) values.set('client.first', first);
    if (!values.has('client.last') && last !== undefined) values.set('client.last', last);
  }
  for (const [field, standard] of Object.entries(mapping.values) as [Field, string][]) {
    const isEmpty = !values.has(field) && !read.problems.some((problem) => problem.field === field);
    if (isEmpty) take(field, readAs(field, standard, codes, mapping));
  }
  // One of the two may be empty, so that a name of one word is a name.
  if (values.has('client.first') !== values.has('client.last')) {
    const empty = values.has('client.first') ? 'client.last' : 'client.first';
    if (!read.problems.some(({ field }) => field === empty)) values.set(empty, '');
  }
  const [postalCode, country] = [values.get('contact.postalCode'), values.get('contact.country')];
  if (typeof postalCode === 'string') take('contact.postalCode', mendPostalCode(postalCode, country?.toString()));
  distribute(read, values);
  return read;
}

function readAs(
  field: Field,
  cell: Cell | undefined,
  codes: { length: number | undefined; common: number | undefined },
  { statuses }: Mapping,
): Reading<Value | undefined> {
  const kind = kindOf(field);
  if (kind === 'id') return readId(cell);
  if (kind === 'code') return readCode(cell, codes);
  if (kind === 'flag') return readFlag(cell);
  if (kind === 'status') return readStatus(cell, statuses);
  return kind === 'secret' ? readSecret(cell) : readLine(cell);
}

function distribute(read: MovedRow, values: ReadonlyMap<Field, Value>): void {
  for (const [field, value] of values) {
    const [part, name] = field.split('.') as [string, string | undefined];
    if (field === 'client.name') continue;
    if (name !== undefined) read.record[part as keyof MovedRow['record']][name] = value;
    else if (field === 'status') read.status = value as MovedRow['status'];
    else Object.assign(read.preset, { [field]: value });
  }
}

/** How many digits nearly all codes of these rows have; undefined where they differ. */
export function findCommonCodeLength(rows: readonly (readonly Cell[])[], columns: Columns): number | undefined {
  const lengths = new Map<number, number>();
  let all = 0;
  for (const field of ['moderatorPassCode', 'participantPassCode'] as const) {
    const place = columns.places.get(field);
    if (place === undefined) continue;
    for (const cells of rows) {
      const read = readText(cells[place]);
      if (!('value' in read) || read.value === undefined || !/^\d+$/.test(read.value)) continue;
      lengths.set(read.value.length, (lengths.get(read.value.length) ?? 0) + 1);
      all++;
    }
  }
  const [length, count] = [...lengths].toSorted(([, a], [, b]) => b - a)[0] ?? [0, 0];
  return count >= MANY && count / all >= NEARLY_ALL ? length : undefined;
}

const MANY = 10;
/** Of ten digits drawn at random one code in ten begins with a zero, so that a column that lost its zeros still has 0.9 of full length. */
const NEARLY_ALL = 0.85;
