import { chmodSync, closeSync, existsSync, openSync, readSync, rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { OperatorError } from '../../../domain/errors.ts';
import { type Drift, type RowOutcome, type RowResult, type SheetRow, toSheetRow } from './sheet-row.ts';

const SCHEMA = `
  create table meta (name text primary key, value text not null) strict;
  create table rows (
    row integer primary key, external_id integer, client_id integer, record text, status text, cells text not null, outcome text, basis text, drift text,
    detail text not null, result text
  ) strict;
  create index rows_external_id on rows (external_id) where external_id is not null;
  create index rows_client_id on rows (client_id) where client_id is not null;
`;
const MAGIC = 'SQLite format 3\0';
const OURS = 0x5041524c;

/**
 * The rows of a file, what each would do, and what has become of it: an SQLite file that only its owner can read. A plan is saved as one; `apply` writes its progress
 * into it, so that a run that was broken off goes on where it was. Bounded memory, whatever the number of rows.
 */
export class Worksheet {
  readonly path: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(path: string) {
    this.path = path;
    this.#db = new DatabaseSync(path);
    chmodSync(path, 0o600);
    this.#db.exec('pragma journal_mode = delete; pragma synchronous = full; pragma temp_store = memory; pragma cache_size = -8000;');
  }

  static create(path: string): Worksheet {
    if (existsSync(path)) throw new OperatorError(`${path} is there already. Name another file, or remove it.`);
    // Made before SQLite opens it, so that nobody else can open it in between.
    closeSync(openSync(path, 'wx', 0o600));
    const sheet = new Worksheet(path);
    sheet.#db.exec(`pragma application_id = ${OURS}; ${SCHEMA}`);
    return sheet;
  }

  static open(path: string): Worksheet {
    const sheet = new Worksheet(path);
    const { application_id: id } = sheet.#get('pragma application_id') as { application_id: number };
    if (id !== OURS) throw new OperatorError(`${path} is not a plan of parley.`);
    return sheet;
  }

  /** Whether a file is such a worksheet, and not a table that somebody exported. */
  static isOne(path: string): boolean {
    const head = Buffer.alloc(MAGIC.length);
    const file = openSync(path, 'r');
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
    return head.toString('latin1') === MAGIC;
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  remove(): void {
    this.close();
    for (const end of ['', '-journal']) rmSync(this.path + end, { force: true });
  }

  /** All of it or nothing, durable when it returns. */
  write<T>(work: () => T): T {
    this.#db.exec('begin immediate');
    try {
      const answer = work();
      this.#db.exec('commit');
      return answer;
    } catch (error) {
      this.#db.exec('rollback');
      throw error;
    }
  }

  readMeta(name: string): string | undefined {
    return (this.#get('select value from meta where name = ?', name) as { value: string } | undefined)?.value;
  }

  writeMeta(name: string, value: string): void {
    this.#run('insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value', name, value);
  }

  add({ row, externalId, clientId, record, status, cells, outcome, basis, drift, detail }: SheetRow): void {
    this.#run(
      'insert into rows (row, external_id, client_id, record, status, cells, outcome, basis, drift, detail) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      row,
      externalId,
      clientId,
      record && JSON.stringify(record),
      status,
      JSON.stringify(cells),
      outcome,
      basis,
      drift,
      JSON.stringify(detail),
    );
  }

  decide(row: number, { outcome, clientId, basis, detail }: Pick<SheetRow, 'outcome' | 'clientId' | 'basis' | 'detail'>): void {
    this.#run(
      'update rows set outcome = ?, client_id = ?, basis = ?, detail = ? where row = ?',
      outcome,
      clientId,
      basis,
      JSON.stringify(detail),
      row,
    );
  }

  /** What the comparison of two lists says of a row. */
  mark(
    row: number,
    { drift, outcome, clientId, basis, detail }: Pick<SheetRow, 'drift' | 'outcome' | 'clientId' | 'basis' | 'detail'>,
  ): void {
    this.decide(row, { outcome, clientId, basis, detail });
    this.#run('update rows set drift = ? where row = ?', drift, row);
  }

  /** Rows that no client on record has been found for. Who has left, and is not there, is as wanted. */
  markMissing(): void {
    this.#run(`update rows set outcome = 'unchanged' where outcome is null and basis is null and drift is null and status = 'inactive'`);
    this.#run(`update rows set drift = 'missing here' where outcome is null and basis is null and drift is null`);
  }

  /** Only the state of the client is to change: the list does not say enough for more. */
  keepStateOnly(row: number): void {
    this.#run('update rows set record = null where row = ?', row);
  }

  finish(row: number, result: RowResult): void {
    this.#run('update rows set result = ? where row = ?', JSON.stringify(result), row);
  }

  /** Rows after this one of which nothing has been decided, in their order. */
  readUndecided(after: number, limit: number): SheetRow[] {
    return this.#all('select * from rows where row > ? and outcome is null order by row limit ?', after, limit).map(toSheetRow);
  }

  /** Rows after this one that are to be carried out and have not been. */
  readPending(after: number, limit: number): SheetRow[] {
    const sql = `select * from rows where row > ? and result is null and outcome in ('create', 'update', 'deactivate', 'reactivate') order by row limit ?`;
    return this.#all(sql, after, limit).map(toSheetRow);
  }

  *readAll(outcomes?: readonly RowOutcome[]): Generator<SheetRow & { result: RowResult | undefined }, void, undefined> {
    const filter = outcomes === undefined ? '' : `where outcome in (${outcomes.map((outcome) => `'${outcome}'`).join(', ')})`;
    for (const found of this.#db.prepare(`select * from rows ${filter} order by row`).iterate()) {
      const { result } = found as { result: string | null };
      yield { ...toSheetRow(found), result: result === null ? undefined : (JSON.parse(result) as RowResult) };
    }
  }

  /** Rows of one external id, where there are several. */
  *readDoubled(): Generator<SheetRow[], void, undefined> {
    const sql = 'select external_id from rows where external_id is not null group by external_id having count(*) > 1 order by min(row)';
    for (const { external_id: externalId } of this.#all(sql) as { external_id: number }[])
      yield this.#all('select * from rows where external_id = ? order by row', externalId).map(toSheetRow);
  }

  findByExternalId(externalId: number): SheetRow | undefined {
    const found = this.#get('select * from rows where external_id = ? order by row limit 1', externalId);
    return found === undefined ? undefined : toSheetRow(found);
  }

  findByClientId(clientId: number): SheetRow | undefined {
    const found = this.#get('select * from rows where client_id = ? order by row limit 1', clientId);
    return found === undefined ? undefined : toSheetRow(found);
  }

  *readDrift(drift: Drift): Generator<SheetRow, void, undefined> {
    for (const found of this.#db.prepare('select * from rows where drift = ? order by row').iterate(drift)) yield toSheetRow(found);
  }

  countDrift(): Partial<Record<Drift, number>> {
    const counts = this.#all('select drift, count(*) as n from rows where drift is not null group by drift') as {
      drift: Drift;
      n: number;
    }[];
    return Object.fromEntries(counts.map(({ drift, n }) => [drift, n]));
  }

  count(): number {
    return (this.#get('select count(*) as n from rows') as { n: number }).n;
  }

  lastRow(): number {
    return (this.#get('select coalesce(max(row), 0) as n from rows') as { n: number }).n;
  }

  countOutcomes(): Partial<Record<RowOutcome, number>> {
    const counts = this.#all('select outcome, count(*) as n from rows where outcome is not null group by outcome') as {
      outcome: RowOutcome;
      n: number;
    }[];
    return Object.fromEntries(counts.map(({ outcome, n }) => [outcome, n]));
  }

  countPending(outcome?: RowOutcome): number {
    const filter = outcome === undefined ? `outcome in ('create', 'update', 'deactivate', 'reactivate')` : `outcome = '${outcome}'`;
    return (this.#get(`select count(*) as n from rows where result is null and ${filter}`) as { n: number }).n;
  }

  countResults(): Partial<Record<RowResult['outcome'], number>> {
    const sql = `select json_extract(result, '$.outcome') as outcome, count(*) as n from rows where result is not null group by 1`;
    const counts = this.#all(sql) as { outcome: RowResult['outcome']; n: number }[];
    return Object.fromEntries(counts.map(({ outcome, n }) => [outcome, n]));
  }

  countRepaired(): number {
    return (this.#get(`select count(*) as n from rows where json_array_length(detail, '$.repairs') > 0`) as { n: number }).n;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }

  #get(sql: string, ...values: (string | number | null)[]): unknown {
    return this.#statement(sql).get(...values);
  }

  #all(sql: string, ...values: (string | number | null)[]): unknown[] {
    return this.#statement(sql).all(...values);
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#statement(sql).run(...values);
  }
}
