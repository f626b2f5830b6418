import { setTimeout as delay } from 'node:timers/promises';
import { decideLifecycle } from '../../domain/lifecycle.ts';
import { overloaded, storeUnavailable } from '../../domain/errors.ts';
import type { ClientId, TenantId } from '../../domain/ids.ts';
import { Gatherer, type GroupLimits } from '../gatherer.ts';
import type { PostgresLocation } from '../location.ts';
import type { JournalQuery } from '../journal.ts';
import type { OperationStore } from '../operations.ts';
import type { ClientKey as RecordKey, ClientQuery, CompanyKey, CompanyQuery } from '../records.ts';
import type { ClientChangeCommand } from '../client-change.ts';
import type { NewTenant, NewToken, TenantChange, TokenRevocation, TokenUse } from '../access.ts';
import type * as port from '../store.ts';
import type { WrappedKeys } from '../../vault/keys.ts';
import type { AdmissionStore } from '../admission.ts';
import { Access } from './access.ts';
import { makeAdmissionStore } from './admission.ts';
import { makeEngineRoomStore } from './engine-rooms.ts';
import { Database, PostgresError } from './database.ts';
import { type FoundClient, readClient, readProvisioned } from './found.ts';
import { type Applied, type AppliedProvision, type AppliedStatus, Groups } from './groups.ts';
import { describeServer, findDamage, INSPECTION_MS, type ServerDescription } from './inspection.ts';
import { Journal } from './journal.ts';
import { Keys } from './keys.ts';
import { Listener, SIGNALS } from './listener.ts';
import { migrate, requireSchema } from './migrations.ts';
import { refuseUnfinishedMove } from './moves.ts';
import { makeOperationStore } from './operations.ts';
import { Records } from './records.ts';
import { makeSearchStore } from './search.ts';
import { changeClient, findDueTerminations } from '../scripts/change-client.ts';
import { findHub } from '../scripts/find-hub.ts';
import { POSTGRES, runScript } from './script.ts';
import { redeemSignOn } from './sign-on.ts';
import type { WebhookStore } from '../webhooks.ts';
import { makeWebhookStore } from './webhooks.ts';
import type { SignOnRedemption } from '../sign-on.ts';
import type { PendingProvision, PendingStatus, PendingWrite } from './plan.ts';

export interface PostgresOptions {
  limits?: GroupLimits;
  onGroup?: (size: number) => void;
}

/** Bounds what a group locks and how long it runs, and what a statement that reads returns. */
const POSTGRES_LIMITS: GroupLimits = { maxGroup: 128, maxQueue: 10_000, maxWaitMs: 8_000, atOnce: 1 };
/** Of look-ups: one round trip for all of a group, and no more groups than there are connections for them. */
const LOOK_UP_LIMITS = { maxGroup: 256, maxQueue: 10_000, maxWaitMs: 3_000 };
/** A write is stale when another node was faster: that node has made progress, so this is patience and not a loop. */
const MAX_STALE = 64;
/** A row that somebody other than a Parley holds: a little patience, off the group, then 503. */
const LOCKED_WAITS_MS = [50, 150, 400, 900];

/** Any number of nodes on one PostgreSQL, 15 or later, PgBouncer between them or not. */
export class PostgresStore implements port.Store {
  readonly #database: Database;
  readonly #groups: Gatherer<PendingWrite, Applied>;
  readonly #access: Access;
  readonly #journal: Journal;
  readonly #records: Records;
  readonly operations: OperationStore;
  readonly webhooks: WebhookStore;
  readonly admission: AdmissionStore;
  readonly engineRooms: port.Store['engineRooms'];
  readonly search: port.Store['search'];
  readonly #keys: Keys;
  readonly #listener: Listener;
  readonly #provisioned: Gatherer<ProvisionedKey, unknown>;
  readonly #clients: Gatherer<ClientKey, FoundClient | undefined>;
  #readings = 0;

  constructor(database: Database, { limits = POSTGRES_LIMITS, onGroup = () => {} }: PostgresOptions = {}) {
    this.#database = database;
    const groups = new Groups(database, () => ++this.#readings);
    this.#groups = new Gatherer((group) => groups.commit(group), limits, onGroup);
    this.#access = new Access(database);
    this.#journal = new Journal(database);
    this.#records = new Records(database);
    this.operations = makeOperationStore(database, guarded);
    this.webhooks = makeWebhookStore(database, guarded);
    this.admission = makeAdmissionStore(database, guarded);
    this.engineRooms = makeEngineRoomStore(database, guarded);
    this.search = makeSearchStore(database, guarded);
    this.#keys = new Keys(database);
    this.#listener = new Listener(database);
    const lookUps = { ...LOOK_UP_LIMITS, atOnce: database.readers };
    this.#provisioned = new Gatherer((keys) => this.#findProvisioned(keys), lookUps);
    this.#clients = new Gatherer((keys) => this.#findClients(keys), lookUps);
  }

  async provision(command: port.ProvisionCommand, found: port.Found): Promise<port.ProvisionResult> {
    let current = found.revisions === undefined ? await this.#find(command) : { ...found, revisions: found.revisions };
    for (let tries = 0; tries < MAX_STALE; tries++) {
      const applied = await this.#apply({ kind: 'provision', command, found: current });
      if (applied.kind === 'pass-code-taken') return { kind: 'pass-code-taken' };
      if (applied.kind === 'done') return recordedResult(applied);
      current = applied.found;
    }
    throw overloaded();
  }

  async setClientStatus(command: port.ClientStatusCommand): Promise<port.ClientStatusResult> {
    const { tenantId, clientId, status } = command;
    let client = await this.#ask(this.#clients, { tenantId, clientId });
    for (let tries = 0; tries < MAX_STALE; tries++) {
      if (client === undefined) return { kind: 'not-found' };
      const decision = decideLifecycle(client.status, status);
      if (decision.kind === 'refuse') throw decision.error;
      if (decision.kind === 'unchanged') return { kind: 'unchanged' };
      const applied = await this.#apply({ kind: 'status', command, found: client });
      if (applied.kind === 'done') return { kind: 'set' };
      client = applied.found;
    }
    throw overloaded();
  }

  async findProvisioned(tenantId: TenantId, { client, company }: port.ExternalIds): Promise<port.Found> {
    return this.#find({ tenantId, clientExternalId: client.externalId, wanted: { companyExternalId: company.externalId } });
  }

  async findClient(tenantId: TenantId, clientId: ClientId): Promise<port.ClientSummary | undefined> {
    const client = await this.#ask(this.#clients, { tenantId, clientId });
    return client && { clientId, status: client.status, hub: client.hub };
  }

  createTenant = guarded((tenant: NewTenant) => this.#access.createTenant(tenant));
  updateTenant = guarded((change: TenantChange) => this.#access.updateTenant(change));
  listTenants = guarded((tenantId?: TenantId) => this.#access.listTenants(tenantId));
  findOperatorTenantId = guarded(() => this.#access.findOperatorTenantId());
  createToken = guarded((token: NewToken) => this.#access.createToken(token));
  revokeToken = guarded((revocation: TokenRevocation) => this.#access.revokeToken(revocation));
  listTokens = guarded((tenantId?: TenantId) => this.#access.listTokens(tenantId));
  findToken = guarded((hash: Uint8Array) => this.#access.findToken(hash));
  recordTokenUses = guarded((uses: readonly TokenUse[]) => this.#access.recordTokenUses(uses));
  accessRevision = guarded(() => this.#access.revision());
  changeClient = guarded((command: ClientChangeCommand) => runScript(this.#database, () => changeClient(POSTGRES, command)));
  redeemSignOn = guarded((redemption: SignOnRedemption) => redeemSignOn(this.#database, redemption));
  findDueTerminations = guarded((at: number, limit: number) => runScript(this.#database, () => findDueTerminations({ at, limit })));
  findClientRecord = guarded((tenantId: TenantId, key: RecordKey) => this.#records.findClient(tenantId, key));
  listClients = guarded((query: ClientQuery) => this.#records.listClients(query));
  findCompanyRecord = guarded((tenantId: TenantId, key: CompanyKey) => this.#records.findCompany(tenantId, key));
  findHub = guarded((hubUrl: string) => runScript(this.#database, () => findHub(POSTGRES, hubUrl)));
  listCompanies = guarded((query: CompanyQuery) => this.#records.listCompanies(query));
  countForTenant = guarded((tenantId: TenantId) => this.#records.countForTenant(tenantId));
  readJournal = guarded((query: JournalQuery) => this.#journal.read(query));
  readJournalLinks = guarded((tenantId: TenantId, after: number, limit: number) => this.#journal.links(tenantId, after, limit));
  findJournalHead = guarded((tenantId: TenantId) => this.#journal.head(tenantId));
  findJournalHeads = guarded((tenantIds: readonly TenantId[]) => this.#journal.heads(tenantIds));
  findKeys = guarded(() => this.#keys.find());
  ensureKeys = guarded((keys: WrappedKeys) => this.#keys.ensure(keys));
  replaceKeys = guarded((change: { from: WrappedKeys; to: WrappedKeys }) => this.#keys.replace(change));

  onChange(listener: () => void): void {
    this.#listener.start(listener);
  }

  readonly signals: port.Store['signals'] = {
    send: guarded(async (text: string) => void (await this.#database.query('select pg_notify($1, $2)', [SIGNALS, text]))),
    listen: (hear) => this.#listener.hear(hear),
  };

  async countRecords(): Promise<port.RecordCounts> {
    return this.#database.transaction(INSPECTION_MS, async (query) => {
      const count = async (table: string): Promise<number> => Number((await query(`select count(*) as n from ${table}`))[0]?.n);
      return {
        tenants: await count('tenants'),
        companies: await count('companies'),
        clients: await count('clients'),
        passCodes: await count('pass_codes'),
      };
    });
  }

  /** Ids are given in sequence and reservations are never deleted (a server that crashed has skipped a few); and those that were rotated out. */
  countPassCodes = guarded(async () => {
    const [row] = await this.#database.query<{ n: number }>(
      `select coalesce(2 * pg_sequence_last_value(pg_get_serial_sequence('reservations', 'reservation_id')::regclass), 0)
        + (select count(*) from pass_codes where valid_until is not null) as n`,
    );
    return Number(row?.n);
  });

  queueLength(): number {
    return this.#groups.length;
  }

  findDamage(): Promise<string | undefined> {
    return findDamage(this.#database);
  }

  describeServer(): Promise<ServerDescription> {
    return describeServer(this.#database);
  }

  async close(): Promise<void> {
    await this.#groups.drain();
    await this.#listener.stop();
    await this.#database.close();
  }

  /** Submits until the row is free; what is locked waits outside of the groups, so that nobody waits with it. */
  async #apply(write: PendingProvision): Promise<AppliedProvision | { kind: 'pass-code-taken' }>;
  async #apply(write: PendingStatus): Promise<AppliedStatus>;
  async #apply(write: PendingWrite): Promise<Exclude<Applied, { kind: 'locked' | 'failed' }>> {
    for (const wait of [...LOCKED_WAITS_MS, undefined]) {
      const applied = await this.#groups.submit(write);
      if (applied.kind === 'failed') throw applied.error;
      if (applied.kind !== 'locked') return applied;
      if (wait !== undefined) await delay(wait);
    }
    throw storeUnavailable(new Error('another program holds a lock on this client or its company'));
  }

  async #find(key: PickedCommand): Promise<PendingProvision['found']> {
    const readAt = ++this.#readings;
    return readProvisioned(await this.#ask(this.#provisioned, key), readAt);
  }

  async #ask<Key, Found>(lookUps: Gatherer<Key, Found>, key: Key): Promise<Found> {
    return lookUps.submit(key).catch(unavailable);
  }

  async #findProvisioned(keys: ProvisionedKey[]): Promise<unknown[]> {
    const rows = await this.#database.query<{ found: unknown }>(
      `select find_provisioned(tenant, client, company) as found
       from unnest($1::integer[], $2::bigint[], $3::bigint[]) with ordinality as wanted (tenant, client, company, n) order by n`,
      [
        keys.map(({ tenantId }) => tenantId),
        keys.map(({ clientExternalId }) => clientExternalId),
        keys.map(({ wanted }) => wanted.companyExternalId),
      ],
    );
    return rows.map(({ found }) => found);
  }

  async #findClients(keys: ClientKey[]): Promise<(FoundClient | undefined)[]> {
    const rows = await this.#database.query<{ found: unknown }>(
      `select find_client(tenant, client) as found
       from unnest($1::integer[], $2::bigint[]) with ordinality as wanted (tenant, client, n) order by n`,
      [keys.map(({ tenantId }) => tenantId), keys.map(({ clientId }) => clientId)],
    );
    return rows.map(({ found }) => readClient(found));
  }
}

type PickedCommand = Pick<port.ProvisionCommand, 'tenantId' | 'clientExternalId'> & {
  wanted: Pick<port.ProvisionCommand['wanted'], 'companyExternalId'>;
};
type ProvisionedKey = PickedCommand;
interface ClientKey {
  tenantId: TenantId;
  clientId: ClientId;
}

/** Connects, and makes the tables or brings them up to date; nodes that start together take turns. */
export async function openPostgresStore(location: PostgresLocation, options: PostgresOptions = {}): Promise<PostgresStore> {
  return open(location, options, migrate);
}

/** For commands, which look into what a server has made: never makes tables, and brings none up to date. */
export async function openExistingPostgres(location: PostgresLocation): Promise<PostgresStore> {
  return open(location, {}, requireSchema);
}

async function open(location: PostgresLocation, options: PostgresOptions, prepare: (database: Database) => Promise<unknown>) {
  const database = await Database.connect(location);
  try {
    await prepare(database);
    await refuseUnfinishedMove(database);
    return new PostgresStore(database, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}

function recordedResult({ decision, found: { client } }: AppliedProvision): port.ProvisionResult {
  if (decision.kind === 'refuse') throw decision.error;
  if (client === undefined) throw new Error('a provision ended without a client');
  if (decision.kind === 'unchanged') return { kind: 'recorded', outcome: 'unchanged', changed: [], client };
  const { changed } = decision;
  const outcome = decision.kind === 'create' ? 'created' : changed.length > 0 ? 'updated' : 'unchanged';
  return { kind: 'recorded', outcome, changed, client };
}

function guarded<Arguments extends unknown[], T>(work: (...given: Arguments) => Promise<T>): (...given: Arguments) => Promise<T> {
  return async (...given) => work(...given).catch(unavailable);
}

function unavailable(error: unknown): never {
  throw error instanceof PostgresError && error.isUnavailable ? storeUnavailable(error) : error;
}
