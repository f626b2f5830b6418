import type { Tenant } from '../domain/caller.ts';
import type { ClientStatus, Hub, Outcome } from '../domain/client.ts';
import type { ClientExternalId, ClientId, CompanyExternalId, CompanyId, TenantId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { ChangedPath, Recorded, Wanted } from '../domain/provisioning.ts';
import type { Sealed, SealedPassCode } from '../vault/vault.ts';
import type { WrappedKeys } from '../vault/keys.ts';
import type {
  MadeTenant,
  MadeToken,
  NewTenant,
  NewToken,
  TenantChange,
  TenantSummary,
  TokenRecord,
  TokenRevocation,
  TokenSummary,
  TokenUse,
} from './access.ts';
import type { AdmissionStore } from './admission.ts';
import type { ClientChangeCommand, ClientChangeResult } from './client-change.ts';
import type { JournalEntry, JournalHead, JournalLink, JournalQuery } from './journal.ts';
import type { EngineRoomStore } from './engine-rooms.ts';
import type { OperationStore } from './operations.ts';
import type { SearchStore } from './search.ts';
import type { Signals } from './signals.ts';
import type { WebhookStore } from './webhooks.ts';
import type { SignOnRedemption } from './sign-on.ts';
import type { ClientKey, ClientQuery, ClientRecord, CompanyKey, CompanyQuery, CompanyRecord, HubRecord, Statistics } from './records.ts';

/**
 * What Parley remembers. A write is durable when its promise resolves, whole or not at all, and may share its transaction with others.
 * Fails with STORE_UNAVAILABLE when the outcome is unknown (repeating is safe) and with OVERLOADED when nothing was tried.
 */
/** The caller's own ids of a client and its company. */
export interface ExternalIds {
  client: { externalId: ClientExternalId };
  company: { externalId: CompanyExternalId };
}

export interface Store {
  /** `found` is what the caller read first: an engine that is far away decides from it, and looks again only where it has become stale. */
  provision(command: ProvisionCommand, found: Found): Promise<ProvisionResult>;
  setClientStatus(command: ClientStatusCommand): Promise<ClientStatusResult>;
  changeClient(command: ClientChangeCommand): Promise<ClientChangeResult>;
  /** Terminations whose time has come, the oldest first. */
  findDueTerminations(at: number, limit: number): Promise<DueTermination[]>;
  /** Uses a link up. False where it was used before, or where the client is not active: then nothing is written. */
  redeemSignOn(redemption: SignOnRedemption): Promise<boolean>;
  /** Of a request only the two ids are looked at. */
  findProvisioned(tenantId: TenantId, ids: ExternalIds): Promise<Found>;
  findClient(tenantId: TenantId, clientId: ClientId): Promise<ClientSummary | undefined>;

  findClientRecord(tenantId: TenantId, key: ClientKey): Promise<ClientRecord | undefined>;
  /** Every client that was there at the first page comes exactly once, however many are changed meanwhile: ids never change. */
  listClients(query: ClientQuery): Promise<ClientRecord[]>;
  findCompanyRecord(tenantId: TenantId, key: CompanyKey): Promise<CompanyRecord | undefined>;
  /** Whose it is, whichever tenant's. */
  findHub(hubUrl: string): Promise<HubRecord | undefined>;
  listCompanies(query: CompanyQuery): Promise<CompanyRecord[]>;
  countForTenant(tenantId: TenantId): Promise<Statistics>;

  /** What is under way at a vendor, where the platform is one. */
  readonly operations: OperationStore;
  /** Where events are sent. */
  readonly webhooks: WebhookStore;
  /** What bridges ask, and who is in. */
  readonly admission: AdmissionStore;
  /** Which rooms engines should have. */
  readonly engineRooms: EngineRoomStore;
  /** What clients are found by. */
  readonly search: SearchStore;

  createTenant(tenant: NewTenant): Promise<MadeTenant>;
  updateTenant(change: TenantChange): Promise<Tenant | undefined>;
  /** This one, or all. */
  listTenants(tenantId?: TenantId): Promise<TenantSummary[]>;
  /** The first tenant: whose it is to say what concerns all. Undefined before there is one. */
  findOperatorTenantId(): Promise<TenantId | undefined>;
  createToken(token: NewToken): Promise<MadeToken>;
  revokeToken(revocation: TokenRevocation): Promise<boolean>;
  /** This tenant's, or all. */
  listTokens(tenantId?: TenantId): Promise<TokenSummary[]>;
  findToken(hash: Uint8Array): Promise<TokenRecord | undefined>;
  recordTokenUses(uses: readonly TokenUse[]): Promise<void>;
  /** Grows whenever a token or a tenant changes, in any process: what is cached of them is stale then. */
  accessRevision(): Promise<number>;
  /** Calls back when another process changed access or keys, where the engine can tell at once. Those who poll need it for speed only. */
  onChange(listener: () => void): void;
  readonly signals: Signals;

  /** A tenant's journal. An entry that is there has none missing before it: who has read up to one may go on after it for ever. */
  readJournal(query: JournalQuery): Promise<JournalEntry[]>;
  /** The same entries as the chain has them, in order. */
  readJournalLinks(tenantId: TenantId, after: number, limit: number): Promise<JournalLink[]>;
  findJournalHead(tenantId: TenantId): Promise<JournalHead>;
  /** The number of the newest entry of each of these. */
  findJournalHeads(tenantIds: readonly TenantId[]): Promise<Map<TenantId, number>>;

  findKeys(): Promise<WrappedKeys | undefined>;
  /** Keeps the first: of two that start together, both get the winner's. */
  ensureKeys(keys: WrappedKeys): Promise<WrappedKeys>;
  /** False, and nothing is changed, where others than `from` are in place by now. */
  replaceKeys(change: { from: WrappedKeys; to: WrappedKeys }): Promise<boolean>;

  countRecords(): Promise<RecordCounts>;
  /** How many pass codes are reserved, at most, without counting them one by one. */
  countPassCodes(): Promise<number>;
  queueLength(): number;
  /** Undefined when all is well, else what is wrong. Reads everything: minutes on a large database. */
  findDamage(): Promise<string | undefined>;
  /** Finishes what was accepted. */
  close(): Promise<void>;
}

/** What is on record of a client, and of the company that a provision names. */
export interface Found {
  recorded: Recorded;
  client: StoredClient | undefined;
  /** Which state of the record this is, for an engine that asks later whether it still is. */
  revisions?: Revisions;
}

export interface Revisions {
  client: number | undefined;
  company: number | undefined;
  /** Of two readings by one node, the later has the greater number. */
  readAt: number;
}

/** Secrets come sealed and pass codes drawn: a store never sees one in the clear. Plain data, so that it can cross to another thread. */
export interface ProvisionCommand {
  tenantId: TenantId;
  at: number;
  origin: Origin;
  clientExternalId: number;
  wanted: Wanted;
  password: { sealed: Sealed; digest: Uint8Array };
  moderatorPassCode: SealedPassCode;
  participantPassCode: SealedPassCode;
  hub: { slug: string | undefined; baseDomain: string };
}

export type ProvisionResult =
  | { kind: 'recorded'; outcome: Outcome; changed: readonly ChangedPath[]; client: StoredClient }
  /** A drawn pass code is taken: nothing was written, draw again. */
  | { kind: 'pass-code-taken' };

export interface StoredClient {
  clientId: ClientId;
  companyId: CompanyId;
  status: ClientStatus;
  sourceVersion: number | undefined;
  passwordSealed: Sealed;
  passwordSetAt: number;
  moderatorPassCodeSealed: Sealed;
  participantPassCodeSealed: Sealed;
  hub: Hub;
}

export interface ClientStatusCommand {
  tenantId: TenantId;
  clientId: ClientId;
  status: 'active' | 'inactive';
  at: number;
  origin: Origin;
}

export type ClientStatusResult = { kind: 'set' | 'unchanged' | 'not-found' };

export interface ClientSummary {
  clientId: ClientId;
  status: ClientStatus;
  hub: Hub;
}

export interface RecordCounts {
  tenants: number;
  companies: number;
  clients: number;
  passCodes: number;
}

export interface DueTermination {
  tenantId: TenantId;
  clientId: ClientId;
  reason: string | undefined;
}
