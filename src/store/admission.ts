import type { ClientStatus } from '../domain/client.ts';
import type { CodeRecord, DialledNumber, Rails } from '../domain/admission.ts';
import type { Bucket, SourceKind } from '../domain/guessing.ts';
import type { ClientId, CompanyId, TenantId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { LegReport, NewLeg } from '../domain/leg.ts';
import type { Role } from '../domain/pass-code.ts';
import type { Sealed } from '../vault/vault.ts';
import type { BridgeStore } from './bridges.ts';

/** What bridges ask of the store, and what is known of bridges, guesses and legs. Times are the process's own: nodes run NTP. */
export interface AdmissionStore extends BridgeStore {
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
  /** Calls of a bridge that have an open leg, in the order of their ids. */
  listOpenCalls(query: OpenCallsQuery): Promise<string[]>;
  /** Ends every leg of a bridge's call that is open. A repeat changes nothing. */
  endCall(ended: EndedCall): Promise<void>;
  /** Legs of browsers that have joined and not left, of all tenants, in the order of their calls. */
  listBrowserLegs(query: BrowserLegQuery): Promise<BrowserLeg[]>;
  /** A repeat changes nothing. */
  endLeg(ended: { legKey: string; at: number }): Promise<void>;
  listLive(query: LiveQuery): Promise<LiveLeg[]>;
  /** Conferences with live legs of clients that are not active any more, of all tenants, in the order of their names. */
  findOutlawed(query: OutlawedQuery): Promise<OutlawedConference[]>;
  /** Of bridges of one dialect only, where that is given. */
  endLegs(ending: EndedLegs): Promise<void>;
  listUsage(query: UsageQuery): Promise<UsageLeg[]>;
  /** The codes that open a conference to whoever has them, whoever and wherever that is. */
  listDialable(query: DialableQuery): Promise<DialableCode[]>;
  /** Ends the legs whose time is over, and forgets counts that say nothing any more. */
  sweep(at: number): Promise<void>;

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

export interface OpenCallsQuery {
  bridgeId: number;
  admittedBefore: number;
  after: string;
  limit: number;
}

/** `joinedBefore`: those who came just now may not be seen as yet. */
export interface BrowserLegQuery {
  joinedBefore: number;
  /** The call after which to go on; empty at first. */
  after: string;
  limit: number;
}

export interface BrowserLeg {
  legKey: string;
  callId: string;
  tenantId: TenantId;
  clientId: ClientId;
}

export interface EndedCall {
  bridgeId: number;
  callId: string;
  at: number;
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

export interface OutlawedQuery {
  at: number;
  /** The name after which to go on; empty at first. */
  after: string;
  /** Conferences, each with all of its bridges. */
  limit: number;
}

export interface OutlawedConference {
  conference: string;
  tenantId: TenantId;
  clientId: ClientId;
  /** Where the legs came in. */
  bridgeIds: readonly number[];
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

export interface RailsChange {
  tenantId: TenantId;
  companyId: CompanyId;
  rails: Partial<Rails>;
  at: number;
  origin: Origin;
}
