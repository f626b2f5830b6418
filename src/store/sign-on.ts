import type { ClientId, TenantId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { Sealed } from '../vault/vault.ts';

/** A sign-on link that somebody followed. */
export interface SignOnRedemption {
  tenantId: TenantId;
  clientId: ClientId;
  /** Of the link: by this it is known to have been used. */
  digest: Uint8Array;
  expiresAt: number;
  at: number;
  origin: Origin;
}

export interface RedeemedSignOn {
  externalId: number;
  moderatorPassCodeSealed: Sealed;
  participantPassCodeSealed: Sealed;
}
