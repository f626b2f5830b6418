import type { Dialect } from './script.ts';

/**
 * Many rows as one JSON text: one message to a writer's thread, one place in a statement, and one text of a statement however many they are. No key is in it
 * twice, which one statement may not write.
 */
export type Field = 'text' | 'number' | 'bytes';
export type Columns<Row> = readonly (readonly [name: string, field: Field, of: (row: Row) => string | number | Uint8Array | undefined])[];

/** By key, so that of two nodes that write the same rows at once neither has what the other waits for. */
export function pack<Row>(columns: Columns<Row>, rows: ReadonlyMap<string, Row>): string {
  const inOrder = [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(
    inOrder.map(([, row]) =>
      columns.map(([, , of]) => {
        const value = of(row);
        return value instanceof Uint8Array ? hexOf(value) : value;
      }),
    ),
  );
}

/** What stands for each column in a statement that selects from `packedRows`. */
export function placesOf<Row>({ name }: Dialect, columns: Columns<Row>): Map<string, string> {
  const placeOf = name === 'postgres' ? postgresField : sqliteField;
  return new Map(columns.map(([column, field], i) => [column, placeOf(i, field)]));
}

/** The rows of the statement's first value. */
export function packedRows({ name }: Dialect): string {
  return name === 'postgres' ? 'jsonb_array_elements($1::jsonb) as j (value)' : 'json_each($1) j';
}

/** Inserts all rows of the statement's first value. */
export function insertPacked<Row>(dialect: Dialect, table: string, columns: Columns<Row>, rest: string): string {
  const places = placesOf(dialect, columns);
  // Without a condition SQLite takes the conflict's "on" for a join's.
  return `insert into ${table} (${[...places.keys()].join(', ')}) select ${[...places.values()].join(', ')} from ${packedRows(dialect)} where true ${rest}`;
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function sqliteField(i: number, field: Field): string {
  return field === 'bytes' ? `unhex(j.value ->> ${i})` : `j.value ->> ${i}`;
}

function postgresField(i: number, field: Field): string {
  const text = `j.value ->> ${i}`;
  return { text: `(${text})`, number: `(${text})::bigint`, bytes: `decode(${text}, 'hex')` }[field];
}
