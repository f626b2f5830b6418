import type { ClientStatus } from '../domain/client.ts';
import type { CodeRecord, DialledNumber, Rails } from '../domain/admission.ts';
import type { DialectName } from '../domain/bridge.ts';
import type { Bucket, SourceKind } from '../domain/guessing.ts';
import type { ClientId, CompanyId, TenantId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { LegReport, NewLeg } from '../domain/leg.ts';
import type { Role } from '../domain/pass-code.ts';
import type { Sealed } from '../vault/vault.ts';
import type { Answered, Keyed } from './idempotency.ts';

/** What bridges ask of the store, and what is known of bridges, guesses and legs. Times are the process's own: nodes run NTP. */
export interface AdmissionStore {
  /** All that an answer is decided from, in one reading, whatever the code is. */
  find(query: AdmissionQuery): Promise<AdmissionFound>;
  /** Counts a miss, or one that was answered unread; durable before the answer. */
  recordMiss(miss: Miss): Promise<RecordedMiss>;
  /** Puts legs on record that were answered already, and whom they let in. A repeat changes nothing. */
  recordLegs(legs: readonly AdmittedLeg[]): Promise<void>;
  /** As recordLegs for one, unless the conference is full with it: of several at once, on whichever nodes, no more are let in than may. */
  reserveLeg(leg: AdmittedLeg, maxParticipants: number): Promise<boolean>;
  /** False where there is no such conference. A repeat changes nothing. */
  reportLeg(report: ReportedLeg): Promise<boolean>;
  listLive(query: LiveQuery): Promise<LiveLeg[]>;
  /** Live legs of clients that are not active any more, of all tenants. */
  findOutlawed(query: { at: number; limit: number }): Promise<OutlawedConference[]>;
  /** Of bridges of one dialect only, where that is given. */
  endLegs(ending: EndedLegs): Promise<void>;
  listUsage(query: UsageQuery): Promise<UsageLeg[]>;
  /** The codes that open a conference to whoever has them, whoever and wherever that is. */
  listDialable(query: DialableQuery): Promise<DialableCode[]>;
  /** Ends the legs whose time is over, and forgets counts that say nothing any more. */
  sweep(at: number): Promise<void>;

  createBridge(bridge: NewBridge): Promise<MadeBridge>;
  /** Undefined, and nothing is written, where it is not as it was read any more. */
  updateBridge(update: BridgeUpdate): Promise<BridgeRecord | undefined>;
  rotateBridgeCredential(rotation: BridgeRotation): Promise<RotatedBridge>;
  revokeBridge(revocation: BridgeRevocation): Promise<boolean>;
  /** Of one that is revoked. */
  forgetSecrets(bridgeId: number): Promise<void>;
  /** Of one dialect, that are live or have secrets still. */
  listBridgesOf(dialect: DialectName): Promise<BridgeRecord[]>;
  /** This tenant's, or all. */
  listBridges(tenantId?: TenantId): Promise<BridgeSummary[]>;
  findBridge(tokenHash: Uint8Array): Promise<BridgeRecord | undefined>;
  findBridgeById(bridgeId: number): Promise<BridgeRecord | undefined>;
  addAccessNumber(number: NewAccessNumber): Promise<'added' | 'unchanged' | 'taken'>;
  removeAccessNumber(removal: { number: string; at: number; origin: Origin }): Promise<boolean>;
  listAccessNumbers(): Promise<AccessNumber[]>;
  /** Undefined where there is no such company. */
  findRails(key: { tenantId: TenantId; companyId: CompanyId }): Promise<Rails | undefined>;
  /** Whose conference a reservation is. */
  findHost(reservationId: number): Promise<ConferenceHost | undefined>;
  setRails(change: RailsChange): Promise<Rails | undefined>;
}

export interface ConferenceHost {
  tenantId: TenantId;
  status: ClientStatus;
  rails: Rails;
}

export interface AdmissionQuery {
  codeIndex: Uint8Array;
  accessNumber: string | undefined;
  callKey: string;
  pair: Uint8Array | undefined;
  buckets: Readonly<Record<SourceKind, Uint8Array | undefined>>;
}

export interface AdmissionFound {
  code: CodeRecord | undefined;
  dialled: { known: DialledNumber | undefined; numbers: number };
  /** How often this call has missed. */
  tries: number;
  pair: { admittedAt: number | undefined; triedAt: number | undefined };
  buckets: Readonly<Record<SourceKind, Bucket>>;
}

export interface Miss {
  at: number;
  callKey: string;
  /** Of an answer that was given unread: by which the same code of the same caller is known again. */
  triedPair: Uint8Array | undefined;
  /** What pays for it: none where nothing was looked up. */
  charges: readonly Charge[];
}

export interface Charge {
  kind: SourceKind;
  bucket: Uint8Array;
  perHour: number;
  /** Whose journal hears of it, and what is told; none for a caller, of whom there are too many. */
  alarm: { tenantId: TenantId; data: Readonly<Record<string, unknown>> } | undefined;
}

export interface RecordedMiss {
  tries: number;
  /** For which an event was appended. */
  alarms: number;
}

export interface AdmittedLeg {
  leg: NewLeg;
  /** Undefined where it is known to have been let in already, or where the caller is withheld. */
  pair: { pair: Uint8Array; reservationId: number; forgetAt: number } | undefined;
}

export interface ReportedLeg {
  report: LegReport;
  legKey: string;
  /** Whose conference it is. */
  tenantId: TenantId;
  reservationId: number;
  bridgeId: number | undefined;
  now: number;
}

export interface LiveLeg {
  conference: string;
  clientId: ClientId;
  companyId: CompanyId;
  role: Role;
  accessNumber: string | undefined;
  callerMasked: string | undefined;
  admittedAt: number;
  joinedAt: number | undefined;
}

export interface EndedLegs {
  tenantId: TenantId;
  conference: string;
  at: number;
  dialect?: string;
}

export interface OutlawedConference {
  conference: string;
  tenantId: TenantId;
  clientId: ClientId;
  /** Where the legs came in. */
  bridgeIds: readonly number[];
  legs: number;
}

export interface LiveQuery {
  tenantId: TenantId;
  at: number;
  limit: number;
  clientId?: ClientId | undefined;
  companyId?: CompanyId | undefined;
}

export interface UsageQuery {
  tenantId: TenantId;
  /** Between these two, neither of them included. */
  after?: number | undefined;
  before?: number | undefined;
  order: 'asc' | 'desc';
  limit: number;
  clientId?: ClientId | undefined;
  companyId?: CompanyId | undefined;
  /** Admitted at or after, and before. */
  from?: number | undefined;
  to?: number | undefined;
}

export interface UsageLeg extends LiveLeg {
  legId: number;
  bridgeName: string | undefined;
  callId: string | undefined;
  leftAt: number | undefined;
  endedBy: 'report' | 'expiry' | 'ejection' | undefined;
}

export interface DialableQuery {
  /** Undefined: of all tenants. */
  tenantId: TenantId | undefined;
  at: number;
  after: Pick<DialableCode, 'reservationId' | 'codeIndex'> | undefined;
  limit: number;
}

export interface DialableCode {
  codeIndex: Uint8Array;
  reservationId: number;
  role: Role;
  /** Of one that was replaced and still works for a while. */
  validUntil: number | undefined;
  tenantId: TenantId;
  clientExternalId: number;
  maxParticipants: number | undefined;
  /** The code itself, where it is on record: of one that was replaced it is not. */
  sealed: Sealed | undefined;
}

export interface BridgeRevocation {
  bridgeId: number;
  /** They are needed to take back what the bridge has, and forgotten after that. */
  keepsSecrets: boolean;
  at: number;
  origin: Origin;
}

export interface NewBridge {
  tenantId: TenantId | undefined;
  name: string;
  dialect: DialectName;
  tokenHash: Uint8Array;
  hint: string;
  secretsSealed: Sealed | undefined;
  settings: Readonly<Record<string, string>>;
  /** For the audit: names, never values. */
  secretNames: readonly string[];
  /** Whose key it is, where a caller asks. */
  keyed: Keyed | undefined;
  at: number;
  origin: Origin;
}

export type MadeBridge = { kind: 'made'; bridgeId: number } | { kind: 'taken' } | Answered;

export interface BridgeUpdate {
  /** As it was read. */
  bridge: BridgeRecord;
  settings: Readonly<Record<string, string>>;
  secretsSealed: Sealed | undefined;
  /** For the audit: names, never values. */
  changed: { settings: readonly string[]; secrets: readonly string[] };
  at: number;
  origin: Origin;
}

export type RotatedBridge = { kind: 'rotated' } | { kind: 'not-found' } | Answered;

export interface BridgeRotation {
  bridgeId: number;
  keyed: Keyed | undefined;
  tokenHash: Uint8Array;
  hint: string;
  at: number;
  origin: Origin;
}

export interface BridgeSummary {
  bridgeId: number;
  name: string;
  dialect: string;
  /** Undefined where all tenants share it, as its name is. */
  tenantId: TenantId | undefined;
  secretsSealed: Sealed | undefined;
  tenantName: string | undefined;
  hint: string;
  settings: Readonly<Record<string, string>>;
  createdAt: number;
  revokedAt: number | undefined;
}

export interface BridgeRecord {
  bridgeId: number;
  name: string;
  dialect: string;
  tokenHash: Uint8Array;
  tenantId: TenantId | undefined;
  operatorTenantId: TenantId;
  secretsSealed: Sealed | undefined;
  settings: Readonly<Record<string, string>>;
  revokedAt: number | undefined;
  reportsJoins: boolean;
}

export interface AccessNumber {
  number: string;
  /** Undefined where all tenants share it, as its name is. */
  tenantId: TenantId | undefined;
  tenantName: string | undefined;
  createdAt: number;
}

export interface NewAccessNumber {
  number: string;
  tenantId: TenantId | undefined;
  at: number;
  origin: Origin;
}

export interface RailsChange {
  tenantId: TenantId;
  companyId: CompanyId;
  rails: Partial<Rails>;
  at: number;
  origin: Origin;
}
