import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ClientId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import type { Platform, SignedOn, SignOnVisit } from '../../platform/platform.ts';

/**
 * A link that lets its bearer into the client's hub as its host, once and within 60 seconds (C30). A repeat makes another link and changes
 * nothing else.
 */
export async function signOn(platform: Platform, caller: Caller, clientId: ClientId): Promise<string> {
  requireScope(caller, 'provision');
  return platform.signOn(caller.tenant, clientId, originOf(caller));
}

/** The link is all that its bearer needs to show. Undefined for one that opens nothing, without a reason. */
export async function redeemSignOn(platform: Platform, visit: SignOnVisit): Promise<SignedOn | undefined> {
  return platform.redeemSignOn(visit);
}
