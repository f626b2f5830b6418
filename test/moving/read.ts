import { MAPPINGS } from '../../src/domain/moving/mappings/mappings.ts';
import { type Mapping, mergeMappings, NO_MAPPING } from '../../src/domain/moving/mapping.ts';
import { openTable, type TableOptions } from '../../src/tables/open-table.ts';
import { type Moved, readMoved, type ReadRow } from '../../src/tables/read-moved.ts';

export interface ReadFile extends Omit<Moved, 'rows'> {
  rows: ReadRow[];
}

/** Reads a file that is given as bytes or text, in pieces as small as asked for. */
export async function read(
  file: string | Uint8Array,
  { mapping = {}, from, piece = 7, ...options }: TableOptions & { mapping?: Partial<Mapping>; from?: string; piece?: number } = {},
): Promise<ReadFile> {
  const table = await openTable(pieces(typeof file === 'string' ? Buffer.from(file) : file, piece), options);
  const base = from === undefined ? NO_MAPPING : (MAPPINGS.get(from) as Mapping);
  const moved = await readMoved(table, mergeMappings(base, { ...NO_MAPPING, ...mapping }));
  const rows: ReadRow[] = [];
  for await (const row of moved.rows) rows.push(row);
  return { ...moved, rows };
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
