import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ClientId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import type { Platform } from '../../platform/platform.ts';

/**
 * From the next admission on, the client's codes and sign-on are refused as unknown ones are; ids, codes and hub stay reserved (C5).
 * A repeat is a success and changes nothing. A failure leaves the old status or the new one; repeat to be sure.
 */
export async function deactivateClient(platform: Platform, caller: Caller, clientId: ClientId): Promise<void> {
  requireScope(caller, 'provision');
  await platform.deactivate(caller.tenant, clientId, originOf(caller));
}
