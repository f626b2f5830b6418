import type { Tenant } from '../domain/caller.ts';
import type { Outcome, ProvisionedClient, ProvisionRequest } from '../domain/client.ts';
import type { ClientId } from '../domain/ids.ts';
import type { Origin } from '../domain/journal.ts';
import type { ClientSummary } from '../store/store.ts';

export interface Preview {
  outcome: Outcome;
  changed: readonly string[];
  /** Undefined where the client is not there yet. */
  clientId: ClientId | undefined;
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
  get(tenant: Tenant, clientId: ClientId): Promise<ClientSummary>;
}
