import { type Caller, requireScope } from '../../domain/caller.ts';
import { clientInactive, clientNotFound, clientTerminated } from '../../domain/errors.ts';
import type { ClientId } from '../../domain/ids.ts';
import type { Invitation } from '../../domain/invitation.ts';
import { originOf } from '../../domain/journal.ts';
import type { Store } from '../../store/store.ts';
import type { Vault } from '../../vault/vault.ts';
import { findHost } from '../hub/host.ts';
import { invitationOf } from '../hub/invitation.ts';

/**
 * What a client's guests need: numbers, the participants' code, where the hub is. Needs the scope `provision`, which sees codes; the audit notes who asked, before the answer leaves. A repeat
 * is noted again and changes nothing.
 */
export async function readInvitation(
  { store, vault, now }: { store: Store; vault: Vault; now: () => number },
  caller: Caller,
  clientId: ClientId,
): Promise<Invitation> {
  requireScope(caller, 'provision');
  const { tenantId } = caller.tenant;
  const record = await store.findClientRecord(tenantId, { clientId });
  if (record === undefined || record.status === 'erased') throw clientNotFound();
  if (record.status === 'inactive') throw clientInactive();
  const host = await findHost({ store, vault }, tenantId, clientId);
  if (host === undefined) throw clientTerminated();
  const { companyId, externalId } = host;
  const at = now();
  await store.search.recordLookUp({ tenantId, clientId, companyId, externalId, by: 'invitation', at, origin: originOf(caller) });
  return invitationOf(store, host);
}
