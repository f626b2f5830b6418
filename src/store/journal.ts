import type { ClientId, CompanyId, TenantId } from '../domain/ids.ts';
import type { ChainedFields, EntryType, Origin } from '../domain/journal.ts';

export interface JournalQuery {
  tenantId: TenantId;
  /** Between these two, neither of them included. */
  after?: number | undefined;
  before?: number | undefined;
  /** Not older than this time. */
  since?: number | undefined;
  types?: readonly EntryType[] | undefined;
  clientId?: ClientId | undefined;
  order: 'asc' | 'desc';
  limit: number;
}

export interface JournalEntry {
  /** From 1, without a gap within the tenant. */
  seq: number;
  type: EntryType;
  at: number;
  actor: string;
  /** Where a token was the actor. */
  tokenName: string | undefined;
  requestId: string;
  clientId: ClientId | undefined;
  companyId: CompanyId | undefined;
  data: Record<string, unknown>;
  /** Undefined where there are none, or where they were erased. */
  details: Record<string, [before: unknown, after: unknown]> | undefined;
}

export interface JournalLink extends ChainedFields {
  details: string | undefined;
  salt: Uint8Array | undefined;
  digest: Uint8Array | undefined;
  hash: Uint8Array;
}

export interface JournalHead {
  seq: number;
  hash: Uint8Array;
}

/** Whose entry it is, and what it is about as far as that has ids. */
export interface Subject {
  tenantId: TenantId;
  at: number;
  origin: Origin;
  clientId?: number;
  companyId?: number;
}
