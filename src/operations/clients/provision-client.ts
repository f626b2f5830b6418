import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ProvisionedClient, ProvisionRequest } from '../../domain/client.ts';
import { originOf } from '../../domain/journal.ts';
import type { Platform } from '../../platform/platform.ts';

/**
 * Makes a customer's plan a company, a client, a reservation with two pass codes and a hub, exactly once (C1-C3, C15-C22).
 * A repeat gives the same answer; changed details are updated; the lifecycle is never touched.
 * A refusal changes nothing; any other failure leaves all of it or nothing, and the same request again finds out.
 */
export async function provisionClient(platform: Platform, caller: Caller, request: ProvisionRequest): Promise<ProvisionedClient> {
  requireScope(caller, 'provision');
  return platform.provision(caller.tenant, request, originOf(caller));
}
