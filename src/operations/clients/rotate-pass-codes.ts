import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ClientId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import type { Platform, RotatedPassCodes, Rotation } from '../../platform/platform.ts';

/**
 * Gives a client another pair of pass codes for the same conference; the old pair works until the overlap is over, and is never given out
 * again. Each call makes another pair, except that the same Idempotency-Key gets the same answer for 24 hours.
 */
export async function rotatePassCodes(
  platform: Platform,
  caller: Caller,
  clientId: ClientId,
  rotation: Rotation,
): Promise<RotatedPassCodes> {
  requireScope(caller, 'provision');
  return platform.rotatePassCodes(caller.tenant, clientId, rotation, originOf(caller));
}
