import type { ClientChange } from '../domain/client-change.ts';
import type { ClientId, TenantId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { Sealed, SealedPassCode } from '../vault/vault.ts';

export interface ClientChangeCommand {
  tenantId: TenantId;
  clientId: ClientId;
  at: number;
  origin: Origin;
  change: ClientChange;
  /** Where pass codes are rotated: the new ones. */
  passCodes?: { moderator: SealedPassCode; participant: SealedPassCode };
  idempotency?: Idempotency | undefined;
}

/** A caller's Idempotency-Key, a digest of what it was sent with, and what is answered to it from now on. */
export interface Idempotency {
  key: string;
  fingerprint: Uint8Array;
  answerSealed: Sealed;
}

export type ClientChangeResult =
  | { kind: 'applied' | 'unchanged' | 'not-found' }
  /** A drawn pass code is taken: nothing was written, draw again. */
  | { kind: 'pass-code-taken' }
  /** The key was used before: this is what it was answered, if it was the same request. */
  | { kind: 'answered'; fingerprint: Uint8Array; answerSealed: Sealed };

/** How long a key is remembered. */
export const IDEMPOTENCY_MS = 24 * 60 * 60 * 1000;
