import type { ClientChange } from '../domain/client-change.ts';
import type { Outcome } from '../domain/client.ts';
import type { ClientExternalId, ClientId, CompanyId, HubId, TenantId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { Calling, Operation, StatusWish } from '../domain/operation.ts';
import type { ChangedPath, Wanted } from '../domain/provisioning.ts';
import type { Sealed, SealedPassCode } from '../vault/vault.ts';

/** What is under way at a vendor. Leases are measured by the database's clock, so that nodes agree on them. */
export interface OperationStore {
  /** Puts a wish on record, in the place of an earlier one of its kind. Returns by which revision it is known. */
  wish(wish: Wish): Promise<number>;
  /** Takes an operation for `leaseMs`. Undefined where there is none, where another has it, or where it is not yet time. */
  claim(claim: Claim): Promise<Operation | undefined>;
  /** One step of an operation that was claimed: it happens if the claim still holds, else `lost`, and then nothing happens. */
  advance(advance: Advance): Promise<Advanced>;
  find(key: OperationKey & { at: number }): Promise<Operation | undefined>;
  /** What can be claimed now, the longest waiting first. */
  findDue(query: { at: number; limit: number }): Promise<OperationKey[]>;
  list(query: { tenantId: TenantId; after: number; stuckOnly: boolean; limit: number; at: number }): Promise<Operation[]>;
  count(): Promise<{ pending: number; stuck: number }>;
  /** By an operator: makes it due now, parked or not; or gives its wishes up. Undefined where there is none. */
  resolve(resolution: Resolution): Promise<Operation | undefined>;
  listOrphans(query: { tenantId: TenantId; after: number; limit: number }): Promise<Orphan[]>;
  /** After a start: nobody else has this database, so that whoever held a lease is dead. Only where one process has it to itself. */
  releaseAll(): Promise<void>;
  /** Makes this database a gateway's, or says that it is another kind already. */
  becomeGateway(): Promise<'gateway' | 'has-clients'>;
  isGateway(): Promise<boolean>;
}

export interface OperationKey {
  tenantId: TenantId;
  externalId: ClientExternalId;
}

export interface Wish extends OperationKey {
  at: number;
  origin: Origin;
  request?: { sealed: Sealed; digest: Uint8Array };
  status?: { clientId: ClientId; wanted: StatusWish; reason: string | undefined };
}

export interface Claim extends OperationKey {
  at: number;
  leaseMs: number;
}

export interface Advance extends OperationKey {
  epoch: number;
  at: number;
  leaseMs: number;
  /** How long a call whose outcome is not known may still take effect. */
  settleMs: number;
  step: Step;
}

export type Step =
  /** Committed before the call goes out: whoever finds it afterwards knows that there may have been one. */
  | { kind: 'intend'; calling: Calling }
  | { kind: 'postpone'; inMs: number; error: string; isAmbiguous: boolean; isParked: boolean; isAttempt: boolean; stuckBefore: number }
  /** The vendor said no, or there is nothing to ask it for: this wish is given up. */
  | { kind: 'void'; revision: number }
  | { kind: 'issued'; revision: number | undefined; record: IssuedRecord }
  | { kind: 'status'; revision: number; clientId: ClientId; change: ClientChange; origin: Origin }
  | { kind: 'swept'; orphans: readonly number[] };

/** What the vendor has given, sealed. */
export interface IssuedRecord {
  origin: Origin;
  wanted: Wanted;
  companyId: CompanyId;
  clientId: ClientId;
  hub: { hubId: HubId; hubUrl: string };
  /** Undefined where the vendor does not disclose it. */
  password: { sealed: Sealed; digest: Uint8Array } | undefined;
  moderatorPassCode: SealedPassCode;
  participantPassCode: SealedPassCode;
}

export type Advanced =
  | { kind: 'lost' }
  /** There is more to do, and the claim still holds. */
  | { kind: 'open'; operation: Operation; issued?: Issued }
  /** Nothing is left to do for now. */
  | { kind: 'closed'; issued?: Issued }
  /** What the vendor answered is not what is on record: nothing of it was recorded. */
  | { kind: 'mismatch'; fields: readonly string[] };

export interface Issued {
  outcome: Outcome;
  changed: readonly ChangedPath[];
}

export interface Resolution {
  tenantId: TenantId;
  operationId: number;
  action: 'retry' | 'discard';
  at: number;
}

/** A client that the vendor has and nobody asked for. Never touched: somebody has to look at it. */
export interface Orphan {
  orphanId: number;
  externalId: ClientExternalId;
  vendorClientId: number;
  foundAt: number;
}

export const FIRST_SANDBOX_ID = 2_000_000_000;
