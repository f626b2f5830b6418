import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Comparison, Parley } from '../../../../sdk/src/index.ts';
import { fieldsOf, type RowNote, type SheetRow } from './sheet-row.ts';
import type { Worksheet } from './worksheet.ts';

const ROWS_AT_ONCE = 500;
/** Below the 1 MiB of a call. */
const BYTES_AT_ONCE = 900_000;

/** Rows that name one client: those that say the same count once, and where they say different things nobody knows which is right. */
export function settleDoubled(sheet: Worksheet): void {
  sheet.write(() => {
    for (const rows of sheet.readDoubled()) {
      const [first, ...others] = rows as [SheetRow, ...SheetRow[]];
      const wanted = (row: SheetRow): string => JSON.stringify([row.record, row.status]);
      if (others.every((row) => wanted(row) === wanted(first))) {
        for (const row of others) sheet.mark(row.row, { ...row, drift: 'doubled', outcome: 'repeated' });
        continue;
      }
      const message = `is in the rows ${rows.map(({ row }) => row).join(', ')}, and they differ in ${listDifferences(rows).join(', ')}. Keep the one that is right`;
      for (const row of rows) {
        const problems = [...row.detail.problems, { column: `client.externalId ${first.externalId}`, message }];
        sheet.mark(row.row, { ...row, drift: 'doubled', outcome: 'conflict', detail: { ...row.detail, problems } });
      }
    }
  });
}

function listDifferences(rows: readonly SheetRow[]): string[] {
  const flat: Record<string, unknown>[] = rows.map(({ record, status }) => ({ status, ...fieldsOf(record) }));
  const fields = new Set(flat.flatMap((row) => Object.keys(row)));
  return [...fields].filter((field) => new Set(flat.map((row) => row[field] ?? null)).size > 1);
}

/** Asks the server what each row would do. Nothing is written there. */
export async function decideRows(
  sheet: Worksheet,
  parley: Parley,
  columns: ReadonlyMap<string, string>,
  tell: (done: number) => void,
): Promise<void> {
  let done = 0;
  const ask = (after: number): { rows: SheetRow[]; items: Promise<Comparison[]> } => {
    const rows = withinBytes(sheet.readUndecided(after, ROWS_AT_ONCE));
    const items = rows.length === 0 ? Promise.resolve([]) : compare(parley, rows);
    // Looked at only when it is its turn: a failure before that is not one that nobody minds.
    items.catch(() => {});
    return { rows, items };
  };
  let next = ask(0);
  for (;;) {
    const { rows } = next;
    const last = rows.at(-1);
    if (last === undefined) return;
    const items = await next.items;
    // The server works on the next rows while these are written down.
    next = ask(last.row);
    sheet.write(() => {
      for (const [at, row] of rows.entries()) sheet.decide(row.row, decisionOf(row, items[at] as Comparison, columns));
    });
    done += rows.length;
    tell(done);
    await nextTurn();
  }
}

export async function compare(parley: Parley, rows: readonly SheetRow[]): Promise<Comparison[]> {
  return parley.clients.compare(
    rows.map(({ record, status }) => ({ record: record as NonNullable<typeof record>, ...(status !== null && { status }) })),
  );
}

function withinBytes(rows: SheetRow[]): SheetRow[] {
  let bytes = 0;
  const end = rows.findIndex((row) => (bytes += Buffer.byteLength(JSON.stringify(row.record)) + 40) > BYTES_AT_ONCE);
  return end === -1 ? rows : rows.slice(0, Math.max(1, end));
}

function decisionOf(
  row: SheetRow,
  item: Comparison,
  columns: ReadonlyMap<string, string>,
): Pick<SheetRow, 'outcome' | 'clientId' | 'basis' | 'detail'> {
  const { detail } = row;
  const isUnread = detail.problems.length > 0;
  const known = new Set(detail.problems.map(({ column }) => column));
  const told: RowNote[] = Object.entries(item.problems)
    .map(([field, message]) => ({ column: columns.get(field) ?? field, message }))
    .filter(({ column }) => !known.has(column));
  if (item.outcome === 'conflict' && item.message !== null) told.push({ column: item.code ?? '', message: item.message });
  const problems = [...detail.problems, ...told];
  return {
    outcome: isUnread ? 'invalid' : item.outcome,
    clientId: item.clientId,
    basis: item.basis,
    detail: { ...detail, problems, changes: isUnread ? [] : item.changes },
  };
}
