import { scopeRequired } from './errors.ts';
import type { TenantId, TokenId } from './ids.ts';

export const SCOPES = ['provision', 'read', 'admission', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a provision does with details that differ from the record. */
export const ON_DIFFERENCE = ['update', 'keep', 'reject'] as const;
export type OnDifference = (typeof ON_DIFFERENCE)[number];

/** How long an answer repeats the password: for ever, for 24 hours after it was set, or only once, when it is made. */
export const PASSWORD_DISCLOSURES = ['always', 'window', 'never'] as const;
export type PasswordDisclosure = (typeof PASSWORD_DISCLOSURES)[number];

export interface Tenant {
  tenantId: TenantId;
  name: string;
  onDifference: OnDifference;
  passwordDisclosure: PasswordDisclosure;
  /** For trying things out: its own data, on the built-in platform whatever the real one is, and faults on request. */
  isSandbox: boolean;
}

/** Who is asking: an authenticated token and its tenant. Made by authentication only. */
export interface Identity {
  tokenId: TokenId;
  tenant: Tenant;
  scopes: ReadonlySet<Scope>;
}

/** Who is asking, in which request. */
export interface Caller extends Identity {
  requestId: string;
}

export function requireScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.has(scope)) throw scopeRequired(scope);
}
