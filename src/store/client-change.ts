import type { ClientChange } from '../domain/client-change.ts';
import type { ClientId, TenantId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { SealedPassCode } from '../vault/vault.ts';
import type { Answered, Idempotency } from './idempotency.ts';

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

export type ClientChangeResult =
  | { kind: 'applied' | 'unchanged' | 'not-found' }
  /** A drawn pass code is taken: nothing was written, draw again. */
  | { kind: 'pass-code-taken' }
  | Answered;
