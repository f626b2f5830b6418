import type { ClientId, TenantId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';

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
