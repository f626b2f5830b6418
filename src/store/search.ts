import type { ClientStatus } from '../domain/client.ts';
import type { ClientId, CompanyId, TenantId } from '../domain/ids.ts';
import type { LookUpKind, Origin } from '../domain/journal.ts';

/** What clients are found by. It is kept up beside the changes, from the journal: a change that is acknowledged is found later, and is never lost. */
export interface SearchStore {
  /** One step after the changes of a tenant. `isBehind` where there is more to do. */
  follow(query: { tenantId: TenantId; limit: number }): Promise<{ isBehind: boolean; isBuilding: boolean }>;
  /** Tenants whose changes are not all followed yet, or this one. */
  findBehind(tenantId?: TenantId): Promise<BehindTenant[]>;
  /** One step of bringing the index together, which many changes leave in pieces. `isDone` where there is nothing left to bring together. */
  tidy(step: { isFirst: boolean }): Promise<{ isDone: boolean }>;
  /** Texts that have all of the grams of one of the alternatives, of each chunk. Those that were made last first, where the engine can tell. */
  findTexts(query: TextQuery): Promise<FoundText[]>;
  /** Whose pass code this is, replaced or not. */
  findByPassCode(query: { tenantId: TenantId; codeIndex: Uint8Array }): Promise<ClientId | undefined>;
  /** Whose conferences this caller was in, the latest first. */
  findByCaller(query: { tenantId: TenantId; callerDigest: Uint8Array; limit: number }): Promise<ClientId[]>;
  /** That somebody looked a client up by what only few know. */
  recordLookUp(lookUp: LookUp): Promise<void>;
}

export interface BehindTenant {
  tenantId: TenantId;
  /** Entries of the journal that are yet to be followed. */
  entries: number;
  /** Its clients are being gone through for the first time. */
  isBuilding: boolean;
}

export interface TextQuery {
  tenantId: TenantId;
  /** For each chunk, alternatives; for each alternative, grams. */
  /** All of the chunks, of each all words of one of its alternatives. */
  words: readonly (readonly (readonly string[])[])[];
  /** That whose texts have these may have the words. */
  grams: readonly (readonly (readonly string[])[])[];
  status?: ClientStatus | undefined;
  companyId?: CompanyId | undefined;
  limit: number;
}

export interface FoundText {
  clientId: ClientId;
  text: string;
  status: ClientStatus;
}

export interface LookUp {
  tenantId: TenantId;
  clientId: ClientId;
  companyId: CompanyId;
  externalId: number;
  by: LookUpKind;
  at: number;
  origin: Origin;
}
