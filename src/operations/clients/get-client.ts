import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ClientId } from '../../domain/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import type { ClientSummary } from '../../store/store.ts';

/** The client and its hub, active or not (C7). Changes nothing; another tenant's client is as unknown as one that never was. */
export async function getClient(platform: Platform, caller: Caller, clientId: ClientId): Promise<ClientSummary> {
  requireScope(caller, 'read');
  return platform.get(caller.tenant, clientId);
}
