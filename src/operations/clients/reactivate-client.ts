import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ClientId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import type { Platform } from '../../platform/platform.ts';

/**
 * Lets the same codes in again (C6). A repeat is a success and changes nothing; a terminated client is refused.
 * A failure leaves the old status or the new one; repeat to be sure.
 */
export async function reactivateClient(platform: Platform, caller: Caller, clientId: ClientId): Promise<void> {
  requireScope(caller, 'provision');
  await platform.reactivate(caller.tenant, clientId, originOf(caller));
}
