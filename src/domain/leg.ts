import type { ClientId, CompanyId, TenantId } from './ids.ts';
import type { Role } from './pass-code.ts';

/** One participant's way into a conference, from the answer that let it in to its end: the unit of usage. */
export interface Leg {
  joinedAt: number | undefined;
  leftAt: number | undefined;
  /** When it is over at the latest, or was never begun. */
  expiresAt: number;
}

export interface NewLeg {
  legKey: string;
  tenantId: TenantId;
  clientId: ClientId;
  companyId: CompanyId;
  conference: string;
  role: Role;
  bridgeId: number | undefined;
  accessNumber: string | undefined;
  callId: string;
  callerDigest: Uint8Array | undefined;
  callerMasked: string | undefined;
  admittedAt: number;
  expiresAt: number;
}

/** What a bridge tells of a leg. */
export interface LegReport {
  kind: 'joined' | 'left';
  conference: string;
  callId: string;
  /** When it happened there, where the bridge says so. */
  at: number | undefined;
  /** Of one that came in without being asked about. */
  role?: Role | undefined;
}

/** A call that is over there, wherever it was let in: whether it ever came into a conference the engine does not say. */
export interface CallEnd {
  kind: 'call_ended';
  callId: string;
}

/** How long a place is kept for who was let in at a bridge that tells who joins. */
export const JOIN_WITHIN_MS = 90_000;
/** No conference without a limit of its own is longer. */
export const LONGEST_MS = 24 * 3_600_000;

/** By which the reports of a leg find it. */
export function legKeyOf(source: string, callId: string, conference: string): string {
  return `${source}|${conference}|${callId}`;
}

export function expiryOf(
  at: number,
  { reportsJoins, maxDurationMs }: { reportsJoins: boolean; maxDurationMs: number | undefined },
): number {
  return at + (reportsJoins ? JOIN_WITHIN_MS : (maxDurationMs ?? LONGEST_MS));
}

/**
 * Reports come twice, late and in the wrong order. With a time of its own, one that is older than what is known changes only what is before it; without,
 * what has ended stays ended.
 */
export function applyReport(leg: Leg, report: LegReport, { now, maxDurationMs }: { now: number; maxDurationMs: number | undefined }): Leg {
  const at = Math.min(report.at ?? now, now);
  if (report.kind === 'left') {
    const leftAt = leg.leftAt === undefined ? at : report.at === undefined ? leg.leftAt : Math.max(leg.leftAt, at);
    return { ...leg, leftAt };
  }
  const isBackAgain = leg.leftAt !== undefined && report.at !== undefined && at > leg.leftAt;
  const joinedAt = leg.joinedAt === undefined ? at : Math.min(leg.joinedAt, at);
  return { joinedAt, leftAt: isBackAgain ? undefined : leg.leftAt, expiresAt: joinedAt + (maxDurationMs ?? LONGEST_MS) };
}
