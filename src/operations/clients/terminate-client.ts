import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ClientId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import type { Platform } from '../../platform/platform.ts';

export interface Termination {
  reason: string | undefined;
  /** Undefined: now. */
  dueAt: number | undefined;
}

/**
 * Ends a client for good: its codes open nothing any more and its external id is not used again. At a time to come, if one is given; then
 * it can be taken back until then. A repeat is a success; another time or reason replaces the one before.
 */
export async function terminateClient(
  platform: Platform,
  caller: Caller,
  clientId: ClientId,
  { reason, dueAt }: Termination,
): Promise<void> {
  requireScope(caller, 'provision');
  const change =
    dueAt === undefined ? ({ kind: 'terminate', reason } as const) : ({ kind: 'schedule-termination', reason, dueAt } as const);
  await platform.change(caller.tenant, clientId, change, originOf(caller));
}

/** Takes back a termination that has not happened yet. Where there is none this is a success and changes nothing. */
export async function cancelTermination(platform: Platform, caller: Caller, clientId: ClientId): Promise<void> {
  requireScope(caller, 'provision');
  await platform.change(caller.tenant, clientId, { kind: 'cancel-termination' }, originOf(caller));
}
