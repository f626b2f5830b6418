import { randomInt } from 'node:crypto';
import type { Entry } from '../../domain/journal.ts';
import type { Row } from '../rows.ts';
import type { Subject } from '../journal.ts';

export type Value = string | number | null | Uint8Array;

/**
 * A transaction written once for both engines: it yields what it wants done, and is given what came of it. What an engine does in its own
 * way has a step of its own. Nothing else of a script knows where it runs, but for the columns that only one engine has.
 */
export type Script<T> = Generator<ScriptStep, T, never>;

/** As it stands in a text: where the engine has other writers, it locks the rows. */
export const ROW_LOCK = /\{(for (?:no key )?update)\}/;

export type ScriptStep =
  /** `$1`... for values. One ROW_LOCK at the most. */
  | { do: 'query'; sql: string; values: readonly Value[] }
  /** First of all, in one order for all nodes; where there is one writer it has the lock already. */
  | { do: 'lock'; names: readonly string[] }
  /** Last of all. */
  | { do: 'append'; subject: Subject; entries: readonly Entry[] };

export interface Dialect {
  name: 'sqlite' | 'postgres';
  /**
   * Milliseconds since 1970 by the database's clock; where that is the process's own, the time that it was given, which is the value of the place. A text
   * never has a value in it: each that is new is prepared, and remembered for good.
   */
  clock(place: string): string;
  clockValue(at: number): Value;
}

/** Where ids are a tenant's own, rows are joined within it. */
export function sameTenant({ name }: Dialect, table: string, other: string): string {
  return name === 'postgres' ? `and ${table}.tenant_id = ${other}.tenant_id` : '';
}

/** The place of an id that a caller has named: it may be larger than what it is compared with, which PostgreSQL would refuse. */
export function idAt(place: `$${number}`): string {
  return `cast(${place} as bigint)`;
}

/** Columns that only its tables have. */
export function onPostgres({ name }: Dialect, columns: Record<string, Value>): Record<string, Value> {
  return name === 'postgres' ? columns : {};
}

/** PostgreSQL's rows know in which revision they are. Drawn, not counted: one that was planned and never written is nobody else's. 2^47 still fits JSON's numbers. */
export function drawRevision(): number {
  return randomInt(1, 2 ** 47);
}

export function* query(sql: string, ...values: readonly Value[]): Script<Row[]> {
  return (yield { do: 'query', sql, values }) as Row[];
}

export function* lock(...names: readonly string[]): Script<void> {
  yield { do: 'lock', names };
}

export function* append(subject: Subject, entries: readonly Entry[]): Script<void> {
  if (entries.length > 0) yield { do: 'append', subject, entries };
}

/** One row, by its columns. */
export function* insert(table: string, columns: Readonly<Record<string, Value>>, rest = ''): Script<Row[]> {
  const names = Object.keys(columns);
  const places = names.map((_, i) => `$${i + 1}`);
  return yield* query(`insert into ${table} (${names.join(', ')}) values (${places.join(', ')}) ${rest}`, ...Object.values(columns));
}

/** Those columns of the rows that `where` picks; its values come first. */
export function* update(table: string, columns: Readonly<Record<string, Value>>, where: string, ...values: Value[]): Script<Row[]> {
  const names = Object.keys(columns);
  const places = names.map((name, i) => `${name} = $${values.length + i + 1}`);
  return yield* query(`update ${table} set ${places.join(', ')} where ${where}`, ...values, ...Object.values(columns));
}
