import type { DatabaseSync } from 'node:sqlite';
import { ProvisioningError, storeUnavailable } from '../../domain/errors.ts';
import type { ClientId, HubId, TenantId } from '../../domain/ids.ts';
import { GROUP_LIMITS, Gatherer, type GroupLimits } from '../gatherer.ts';
import type { JournalQuery } from '../journal.ts';
import type { ClientKey, ClientQuery, CompanyKey, CompanyQuery } from '../records.ts';
import type { ClientSummary, ExternalIds, Found, ProvisionCommand, ProvisionResult, RecordCounts, Store } from '../store.ts';
import type { AdmissionStore } from '../admission.ts';
import type { EngineRoomStore } from '../engine-rooms.ts';
import { prepareAccessReads } from './access.ts';
import { makeAdmissionStore } from './admission.ts';
import { makeEngineRoomStore } from './engine-rooms.ts';
import type { OperationStore } from '../operations.ts';
import type { WebhookStore } from '../webhooks.ts';
import { makeOperationStore } from './operations.ts';
import { makeWebhookStore } from './webhooks.ts';
import { findDueTerminations } from '../scripts/change-client.ts';
import { findHub } from '../scripts/find-hub.ts';
import { isStoreFailure, openConnection } from './connection.ts';
import { prepareJournalReads } from './journal.ts';
import { prepareFindKeys } from './keys.ts';
import { migrate } from './migrations.ts';
import { readRecorded, readStoredClient, type Row } from '../rows.ts';
import { CLIENT_BY_EXTERNAL_ID, COMPANY_BY_EXTERNAL_ID } from './queries.ts';
import { Records } from './records.ts';
import { makeSearchStore } from './search.ts';
import type { SearchStore } from '../search.ts';
import { prepareScripts, SQLITE } from './script.ts';
import { Snapshot } from './snapshot.ts';
import { makeLocalSignals } from './signals.ts';
import { rememberStatements } from './statements.ts';
import { startThreadWriter, type Writer } from './thread-writer.ts';
import type { Settled, Write, WriteInput, WriteName, WriteOutput } from './writer.ts';

export interface SqliteOptions {
  limits?: GroupLimits;
  onGroup?: (size: number) => void;
  startWriter?: (path: string) => Writer;
}

/** Opens (and makes or migrates) the database. Reads are answered here, writes by the writer's thread. */
export function openSqliteStore(path: string, options: SqliteOptions = {}): SqliteStore {
  const db = openConnection(path, 'write');
  try {
    migrate(db);
    return new SqliteStore(db, () => (options.startWriter ?? startThreadWriter)(path), options);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens a database to look at it only, such as a backup. */
export function openSqliteReader(path: string): SqliteStore {
  return new SqliteStore(openConnection(path, 'read'), () => {
    throw new Error('this database is open for reading only');
  });
}

type Writes = { [Name in WriteName]: (input: WriteInput<Name>) => Promise<WriteOutput<Name>> };

export class SqliteStore implements Store {
  readonly #db: DatabaseSync;
  readonly #prepare: ReturnType<typeof rememberStatements>;
  readonly #startWriter: () => Writer;
  #writer: Writer | undefined;
  readonly #groups: Gatherer<Write, Settled>;
  readonly #snapshot: Snapshot;
  readonly #access: ReturnType<typeof prepareAccessReads>;
  readonly #journal: ReturnType<typeof prepareJournalReads>;
  readonly #records: Records;
  readonly #run: ReturnType<typeof prepareScripts>;
  readonly #findKeys: ReturnType<typeof prepareFindKeys>;
  readonly #selectClient;
  readonly #selectClientByExternalId;
  readonly #selectCompanyByExternalId;

  readonly #provision = this.#write('provision');
  readonly setClientStatus = this.#write('setClientStatus');
  readonly changeClient = this.#write('changeClient');
  readonly redeemSignOn = this.#write('redeemSignOn');
  readonly createTenant = this.#write('createTenant');
  readonly updateTenant = this.#write('updateTenant');
  readonly createToken = this.#write('createToken');
  readonly revokeToken = this.#write('revokeToken');
  readonly recordTokenUses = this.#write('recordTokenUses');
  readonly ensureKeys = this.#write('ensureKeys');
  readonly replaceKeys = this.#write('replaceKeys');
  readonly operations: OperationStore;
  readonly webhooks: WebhookStore;
  readonly admission: AdmissionStore;
  readonly engineRooms: EngineRoomStore;
  readonly search: SearchStore;
  readonly signals = makeLocalSignals();

  constructor(db: DatabaseSync, startWriter: () => Writer, { limits = GROUP_LIMITS, onGroup = () => {} }: SqliteOptions = {}) {
    this.#db = db;
    this.#prepare = rememberStatements(db);
    this.#startWriter = startWriter;
    this.#groups = new Gatherer((group) => this.#livingWriter().commit(group), limits, onGroup);
    this.#snapshot = new Snapshot(db);
    this.#access = prepareAccessReads(db);
    this.#journal = prepareJournalReads(db);
    this.#records = new Records(db);
    const read = <T>(query: () => T): T => this.#read(query);
    // Every write there is, by its name.
    const write = new Proxy({} as Writes, { get: (_, name) => this.#write(name as WriteName) });
    this.operations = makeOperationStore(db, write);
    this.webhooks = makeWebhookStore(db, write, read);
    this.admission = makeAdmissionStore(db, write, read);
    this.engineRooms = makeEngineRoomStore(db, write, read);
    this.search = makeSearchStore(db, write, read);
    this.#run = prepareScripts(db);
    this.#findKeys = prepareFindKeys(db);
    this.#selectClient = db.prepare(`
      select status, hub_id, hub_url from clients join hubs using (company_id) where client_id = ? and tenant_id = ?`);
    this.#selectClientByExternalId = db.prepare(CLIENT_BY_EXTERNAL_ID);
    this.#selectCompanyByExternalId = db.prepare(COMPANY_BY_EXTERNAL_ID);
  }

  /** The writer is at hand and reads for itself, within the transaction. */
  provision(command: ProvisionCommand): Promise<ProvisionResult> {
    return this.#provision(command);
  }

  async findProvisioned(tenantId: TenantId, { client, company }: ExternalIds): Promise<Found> {
    return this.#read(() => {
      const clientRow = this.#selectClientByExternalId.get(tenantId, client.externalId) as Row | undefined;
      const companyRow = clientRow && (this.#selectCompanyByExternalId.get(tenantId, company.externalId) as Row | undefined);
      return { recorded: readRecorded(clientRow, companyRow), client: clientRow && readStoredClient(clientRow) };
    });
  }

  async findClient(tenantId: TenantId, clientId: ClientId): Promise<ClientSummary | undefined> {
    return this.#read(() => {
      const row = this.#selectClient.get(clientId, tenantId) as Row | undefined;
      return (
        row && {
          clientId,
          status: row.status as ClientSummary['status'],
          hub: { hubId: row.hub_id as HubId, hubUrl: row.hub_url as string },
        }
      );
    });
  }

  async listTenants(tenantId?: TenantId) {
    return this.#read(() => this.#access.listTenants(tenantId));
  }

  async findOperatorTenantId() {
    return this.#read(() => this.#access.findOperatorTenantId());
  }

  async listTokens(tenantId?: TenantId) {
    return this.#read(() => this.#access.listTokens(tenantId));
  }

  async findToken(hash: Uint8Array) {
    return this.#read(() => this.#access.findToken(hash));
  }

  async accessRevision() {
    return this.#read(() => this.#access.revision());
  }

  /** Another process cannot call back: those who poll see it. */
  onChange(): void {}

  async findDueTerminations(at: number, limit: number) {
    return this.#read(() => this.#run(findDueTerminations({ at, limit })));
  }

  async findClientRecord(tenantId: TenantId, key: ClientKey) {
    return this.#read(() => this.#records.findClient(tenantId, key));
  }

  async listClients(query: ClientQuery) {
    return this.#read(() => this.#records.listClients(query));
  }

  async findCompanyRecord(tenantId: TenantId, key: CompanyKey) {
    return this.#read(() => this.#records.findCompany(tenantId, key));
  }

  async findHub(hubUrl: string) {
    return this.#read(() => this.#run(findHub(SQLITE, hubUrl)));
  }

  async listCompanies(query: CompanyQuery) {
    return this.#read(() => this.#records.listCompanies(query));
  }

  async countForTenant(tenantId: TenantId) {
    return this.#read(() => this.#records.countForTenant(tenantId));
  }

  async readJournal(query: JournalQuery) {
    return this.#read(() => this.#journal.readJournal(query));
  }

  async readJournalLinks(tenantId: TenantId, after: number, limit: number) {
    return this.#read(() => this.#journal.readLinks(tenantId, after, limit));
  }

  async findJournalHead(tenantId: TenantId) {
    return this.#read(() => this.#journal.findHead(tenantId));
  }

  async findJournalHeads(tenantIds: readonly TenantId[]) {
    return this.#read(() => this.#journal.findHeads(tenantIds));
  }

  async findKeys() {
    return this.#read(() => this.#findKeys());
  }

  async countRecords(): Promise<RecordCounts> {
    return this.#read(() => {
      const count = (table: string): number => Number(this.#prepare(`select count(*) as n from ${table}`).get()?.n);
      return { tenants: count('tenants'), companies: count('companies'), clients: count('clients'), passCodes: count('pass_codes') };
    });
  }

  /** Two for each reservation ever made (ids are given in sequence, and reservations are never deleted), and those that were rotated out. */
  async countPassCodes(): Promise<number> {
    return this.#read(() => {
      const sql = `select 2 * coalesce((select max(reservation_id) from reservations), 0)
        + (select count(*) from pass_codes where valid_until is not null) as n`;
      return Number(this.#prepare(sql).get()?.n);
    });
  }

  queueLength(): number {
    return this.#groups.length;
  }

  async findDamage(): Promise<string | undefined> {
    const findings = this.#db
      .prepare('pragma integrity_check(1)')
      .all()
      .map((row) => String(row.integrity_check));
    const orphans = this.#db.prepare('pragma foreign_key_check').all();
    if (findings.length !== 1 || findings[0] !== 'ok') return findings.join('; ');
    return orphans.length > 0 ? `${orphans.length} rows refer to rows that are missing` : undefined;
  }

  /** One read transaction for the whole copy: unlike the page-wise backup API it never starts over because somebody writes. */
  async backUp(path: string): Promise<void> {
    this.#snapshot.close();
    this.#db.prepare('vacuum into ?').run(path);
  }

  async close(): Promise<void> {
    await this.#groups.drain();
    await this.#writer?.close();
    this.#snapshot.close();
    this.#db.close();
  }

  #livingWriter(): Writer {
    if (!this.#writer?.isAlive) this.#writer = this.#startWriter();
    return this.#writer;
  }

  #read<T>(query: () => T): T {
    try {
      this.#snapshot.open();
      return query();
    } catch (error) {
      throw isStoreFailure(error) ? storeUnavailable(error) : error;
    }
  }

  #write<Name extends WriteName>(name: Name): (input: WriteInput<Name>) => Promise<WriteOutput<Name>> {
    return async (input) => {
      const settled = await this.#groups
        .submit({ name, input })
        .catch((error: unknown) => {
          throw error instanceof ProvisioningError ? error : storeUnavailable(error);
        })
        .finally(() => this.#snapshot.close());
      if (settled.kind === 'done') return settled.output as WriteOutput<Name>;
      if (settled.kind === 'refused') throw new ProvisioningError(settled.code, settled.message, { fields: { ...settled.fields } });
      throw new Error(`${name}: ${settled.message}`);
    };
  }
}
