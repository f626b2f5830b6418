import type { Comparison, WantedClient } from '../../../../sdk/src/index.ts';

/** What a row would do or has become. `repeated`: an earlier row says the same. */
export type RowOutcome = Comparison['outcome'] | 'repeated';

/** How a caller's list and what is on record disagree. */
export const DRIFTS = ['missing here', 'missing there', 'state differs', 'differs', 'doubled'] as const;
export type Drift = (typeof DRIFTS)[number];

export interface RowNote {
  /** The heading of the column, or the field where it has none. */
  column: string;
  message: string;
}

export interface RowDetail {
  changes: Comparison['changes'];
  /** Of what is invalid or in conflict. */
  problems: RowNote[];
  /** What was mended in the file. */
  repairs: RowNote[];
}

export interface SheetRow {
  row: number;
  /** Null where only the state of a client that is there is to change. */
  record: WantedClient['record'] | null;
  status: 'active' | 'inactive' | null;
  cells: string[];
  outcome: RowOutcome | null;
  clientId: number | null;
  externalId: number | null;
  basis: string | null;
  /** Where the rows are a list to be compared. */
  drift: Drift | null;
  detail: RowDetail;
}

/** What became of a row. Passwords and codes of clients are in it. */
export interface RowResult {
  outcome: 'created' | 'updated' | 'unchanged' | 'deactivated' | 'reactivated' | 'failed';
  clientId: number | null;
  companyId: number | null;
  password: string;
  moderatorPassCode: string;
  participantPassCode: string;
  hubUrl: string;
  message: string;
}

/** Of a row that no call was made for. */
export const NO_RESULT: RowResult = {
  outcome: 'unchanged',
  clientId: null,
  companyId: null,
  password: '',
  moderatorPassCode: '',
  participantPassCode: '',
  hubUrl: '',
  message: '',
};

/** What a row says of its client, by the paths of the call: `client.email`. */
export function fieldsOf(record: SheetRow['record']): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(record ?? {}).flatMap(([part, members]) =>
      Object.entries(members as object).map(([name, value]) => [`${part}.${name}`, value]),
    ),
  );
}

interface StoredRow {
  row: number;
  external_id: number | null;
  client_id: number | null;
  record: string | null;
  status: SheetRow['status'];
  cells: string;
  outcome: RowOutcome | null;
  basis: string | null;
  drift: Drift | null;
  detail: string;
}

/** A row as SQLite has it. */
export function toSheetRow(found: unknown): SheetRow {
  const { row, external_id: externalId, client_id: clientId, record, status, cells, outcome, basis, drift, detail } = found as StoredRow;
  return {
    row,
    externalId,
    clientId,
    record: record === null ? null : JSON.parse(record),
    status,
    cells: JSON.parse(cells),
    outcome,
    basis,
    drift,
    detail: JSON.parse(detail),
  };
}
