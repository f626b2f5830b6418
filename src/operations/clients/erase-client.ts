import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ClientId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import type { Platform } from '../../platform/platform.ts';

/**
 * Forgets the person: names, addresses, password and codes are gone from the record and from the audit, and the client is ended. Ids and a
 * tombstone stay, so that nothing is made again under them; the codes stay reserved and open nothing. There is no way back. A repeat is a
 * success and changes nothing.
 */
export async function eraseClient(platform: Platform, caller: Caller, clientId: ClientId): Promise<void> {
  requireScope(caller, 'admin');
  await platform.change(caller.tenant, clientId, { kind: 'erase' }, originOf(caller));
}
