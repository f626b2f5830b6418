import type { Tenant } from '../domain/caller.ts';
import type { ClientStatus, Outcome, ProvisionedClient, ProvisionRequest } from '../domain/client.ts';
import type { DetailChange } from '../domain/comparison.ts';
import type { ClientChange } from '../domain/client-change.ts';
import type { ClientId, TenantId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { Secret } from '../domain/secret.ts';
import type { ClientSummary } from '../store/store.ts';

export interface Preview {
  outcome: Outcome;
  changed: readonly string[];
  /** The same with what is on record and what would be; a password is `***` in both. */
  changes: readonly DetailChange[];
  /** Undefined where the client is not there yet. */
  clientId: ClientId | undefined;
  status: ClientStatus | undefined;
  /** What the decision was made on, as a digest: another one, and the decision may be another. */
  basis: string;
}

export interface Rotation {
  /** How long the old pair works as well. */
  overlapMs: number;
  /** The caller's Idempotency-Key, and a digest of its request. */
  idempotency: { key: string; fingerprint: Uint8Array } | undefined;
}

export interface RotatedPassCodes {
  moderatorPassCode: Secret;
  participantPassCode: Secret;
  overlapUntil: number;
}

/** A sign-on link that somebody followed, and the host name at which. */
export interface SignOnVisit {
  token: string;
  host: string;
  requestId: string;
}

/** Who came by a sign-on link. */
export interface SignedOn {
  tenantId: TenantId;
  clientId: ClientId;
}

/**
 * The other side ("the PGi side"): where ids, codes and hubs come from. It is the contract itself, so that a Parley can stand in front of a
 * Parley. Every call may be repeated; a failure other than a refusal means that the outcome is unknown and that repeating is safe.
 */
export interface Platform {
  provision(tenant: Tenant, request: ProvisionRequest, origin: Origin): Promise<ProvisionedClient>;
  /** What `provision` would do, by the same rules and with the same refusals. Writes nothing. */
  preview(tenant: Tenant, request: ProvisionRequest): Promise<Preview>;
  /** Both fail with CLIENT_NOT_FOUND where the tenant has no such client, and say whether anything changed. */
  deactivate(tenant: Tenant, clientId: ClientId, origin: Origin): Promise<{ changed: boolean }>;
  reactivate(tenant: Tenant, clientId: ClientId, origin: Origin): Promise<{ changed: boolean }>;
  /** Ends a client for good, now or at a time to come; or takes that back; or forgets the person. Says whether anything changed. */
  change(
    tenant: Tenant,
    clientId: ClientId,
    change: Exclude<ClientChange, { kind: 'rotate-pass-codes' }>,
    origin: Origin,
  ): Promise<{ changed: boolean }>;
  /** Another pair of codes for the same conference. Each call makes one, but for those with the same key. */
  rotatePassCodes(tenant: Tenant, clientId: ClientId, rotation: Rotation, origin: Origin): Promise<RotatedPassCodes>;
  get(tenant: Tenant, clientId: ClientId): Promise<ClientSummary>;
  /** A link into the client's hub. Each call makes another; fails with CLIENT_INACTIVE where the client is deactivated. */
  signOn(tenant: Tenant, clientId: ClientId, origin: Origin): Promise<string>;
  /** Lets in who follows such a link, once. Undefined where the link opens nothing, for whatever reason. */
  redeemSignOn(visit: SignOnVisit): Promise<SignedOn | undefined>;
}
