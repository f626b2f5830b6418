import type { Tenant } from '../domain/caller.ts';
import type { ProvisionedClient, ProvisionRequest } from '../domain/client.ts';
import type { ClientId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { ClientSummary } from '../store/store.ts';

/**
 * The other side ("the PGi side"): where ids, codes and hubs come from. It is the contract itself, so that a Parley can stand in front of a
 * Parley. Every call may be repeated; a failure other than a refusal means that the outcome is unknown and that repeating is safe.
 */
export interface Platform {
  provision(tenant: Tenant, request: ProvisionRequest, origin: Origin): Promise<ProvisionedClient>;
  /** Both fail with CLIENT_NOT_FOUND where the tenant has no such client, and say whether anything changed. */
  deactivate(tenant: Tenant, clientId: ClientId, origin: Origin): Promise<{ changed: boolean }>;
  reactivate(tenant: Tenant, clientId: ClientId, origin: Origin): Promise<{ changed: boolean }>;
  get(tenant: Tenant, clientId: ClientId): Promise<ClientSummary>;
}
