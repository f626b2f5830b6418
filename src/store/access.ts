import type { OnDifference, PasswordDisclosure, Scope, Tenant } from '../domain/caller.ts';
import type { TenantId, TokenId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { Answered, Keyed } from './idempotency.ts';

export interface NewTenant {
  name: string;
  /** Made with it. */
  firstToken?: TokenTerms;
  /** Whose key it is, where a caller asks. */
  keyed?: Keyed | undefined;
  isSandbox: boolean;
  onDifference: OnDifference;
  passwordDisclosure: PasswordDisclosure;
  at: number;
  origin: Origin;
}

export interface TenantChange {
  name: string;
  onDifference: OnDifference | undefined;
  passwordDisclosure: PasswordDisclosure | undefined;
  at: number;
  origin: Origin;
}

export interface TenantSummary extends Tenant {
  createdAt: number;
  clients: number;
  liveTokens: number;
}

export type MadeTenant = { kind: 'made'; tenant: Tenant } | { kind: 'taken' } | Answered;

export interface TokenTerms {
  name: string;
  hash: Uint8Array;
  /** The first characters, by which an operator recognises it. */
  hint: string;
  scopes: readonly Scope[];
  expiresAt: number | undefined;
}

export interface NewToken extends TokenTerms, Keyed {
  origin: Origin;
}

export type MadeToken = { kind: 'made'; tokenId: TokenId } | Answered;

export interface TokenRevocation {
  tokenId: TokenId;
  at: number;
  origin: Origin;
}

export interface TokenRecord {
  tokenId: TokenId;
  hash: Uint8Array;
  scopes: readonly Scope[];
  expiresAt: number | undefined;
  revokedAt: number | undefined;
  tenant: Tenant;
}

export interface TokenSummary extends Omit<TokenRecord, 'hash' | 'tenant'> {
  tenantId: TenantId;
  tenantName: string;
  name: string;
  hint: string;
  createdAt: number;
  lastUsedAt: number | undefined;
}

export interface TokenUse {
  tokenId: TokenId;
  at: number;
}
