import type { ClientChange } from './client-change.ts';
import type { ClientExternalId, ClientId, TenantId } from './ids.ts';
import type { Entry, Origin } from './journal.ts';

/** What a caller wants a client's status to be. The latest such wish counts. */
export type StatusWish = 'active' | 'inactive' | 'terminated' | 'erased';

/** Which call to the vendor is being made, or was when its node died. */
export type Calling = 'provision' | 'status' | 'sweep';

/**
 * What is yet to be done at the vendor for one client: the latest record to provision, and the latest status to bring about. It is on
 * record before the vendor hears of it, and is forgotten when the vendor has confirmed it.
 */
export interface Operation {
  operationId: number;
  tenantId: TenantId;
  externalId: ClientExternalId;
  /** Grows with each claim. What was claimed under an older one can publish nothing any more. */
  epoch: number;
  request: PendingRequest | undefined;
  status: PendingStatusWish | undefined;
  calling: Calling | undefined;
  /** How long ago that call began. */
  sinceCalledMs: number;
  /** The outcome of some earlier call is not known, so that it may still take effect: looked at once more when it cannot any longer. */
  isUnsettled: boolean;
  attempts: number;
  nextInMs: number;
  /** Waits for an operator: repeating could make a second client at this vendor. */
  isParked: boolean;
  lastError: string | undefined;
  createdAt: number;
  stuckAt: number | undefined;
}

export interface PendingRequest {
  revision: number;
  sealed: Uint8Array;
  origin: Origin;
}

export interface PendingStatusWish {
  revision: number;
  clientId: ClientId;
  wanted: StatusWish;
  reason: string | undefined;
  origin: Origin;
}

/** What is recorded once the vendor has confirmed a status. */
export function changeOfWish({ wanted, reason }: PendingStatusWish): ClientChange {
  switch (wanted) {
    case 'terminated':
      return { kind: 'terminate', reason };
    case 'erased':
      return { kind: 'erase' };
    case 'active':
    case 'inactive':
      return { kind: 'set-status', status: wanted };
  }
}

export function entryOfStuck(externalId: number, operationId: number, error: string): Entry {
  return { type: 'operation.stuck', subject: 'tenant', data: { externalId, operationId, error }, details: undefined };
}

/** The vendor has a client that nobody asked for, or another one than the one on record. */
export function entryOfOrphan(externalId: number, vendorClientId: number): Entry {
  return { type: 'platform.orphan_found', subject: 'tenant', data: { externalId, vendorClientId }, details: undefined };
}

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 60_000;
const AWAY_DELAY_MS = 5_000;

/** Full jitter over a growing ceiling, so that what failed together does not come back together. `random` is between 0 and 1. */
export function retryDelayMs(attempts: number, random: number, retryAfterMs = 0): number {
  const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempts, 20));
  return Math.max(Math.round(ceiling * (0.25 + 0.75 * random)), Math.min(retryAfterMs, MAX_DELAY_MS));
}

/** Nobody was asked: it does not count as a try, and is looked at again when the vendor may be back. */
export function awayDelayMs(random: number): number {
  return Math.round(AWAY_DELAY_MS * (0.5 + random));
}
