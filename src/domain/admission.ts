import type { ClientStatus } from './client.ts';
import type { CountryCode } from './country.ts';
import type { ClientId, CompanyId, TenantId } from './ids.ts';
import type { Role } from './pass-code.ts';

/** What a bridge asks: who is this? */
export interface Call {
  /** As the bridge knows the call; tries are counted by it. */
  callId: string;
  /** What was dialled. */
  accessNumber: string | undefined;
  /** What was keyed. */
  digits: string | undefined;
  /** Who calls, as far as it says so. */
  caller: string | undefined;
}

/** Against toll fraud, for each company. */
export interface Rails {
  /** Undefined: all. */
  allowedCallerCountries: readonly CountryCode[] | undefined;
  moderatorRequired: boolean;
  maxParticipants: number | undefined;
  maxDurationSeconds: number | undefined;
}

export const NO_RAILS: Rails = {
  allowedCallerCountries: undefined,
  moderatorRequired: false,
  maxParticipants: undefined,
  maxDurationSeconds: undefined,
};

/** What a pass code is on record as. */
export interface CodeRecord {
  role: Role;
  /** Of a code that was rotated out: until when it works all the same. */
  validUntil: number | undefined;
  tenantId: TenantId;
  reservationId: number;
  clientId: ClientId;
  clientExternalId: number;
  companyId: CompanyId;
  companyExternalId: number;
  companyName: string;
  status: ClientStatus;
  rails: Rails;
}

export interface Admitted {
  action: 'accept';
  role: Role;
  /** The same for both codes of a client; says nothing of either. */
  conference: string;
  reservationId: number;
  client: { clientId: ClientId; externalId: number };
  company: { companyId: CompanyId; externalId: number; name: string };
  limits: { maxParticipants: number | undefined; maxDurationSeconds: number | undefined; waitForModerator: boolean };
}

export type AdmissionAnswer =
  | Admitted
  /** Nothing was keyed yet. */
  | { action: 'request_pass_code'; triesLeft: number }
  /** Say so, and ask again while tries are left. */
  | { action: 'reject'; reason: RejectReason; triesLeft: number }
  /** Hang up: this call has had its tries. */
  | { action: 'drop' };

/** One for every code that opens nothing, whatever the reason. The others tell nothing of codes. */
export type RejectReason = 'not_recognised' | 'number_not_in_service' | 'conference_full';

/** Why a code opens nothing: for the counts, and never for the answer. */
export type MissKind = 'unknown' | 'elsewhere' | 'inactive' | 'ended' | 'retired' | 'country';

/** Whose codes a call may open: one tenant's, one company's, or anybody's. */
export type Wall =
  | { kind: 'tenant'; tenantId: TenantId }
  /** At the company's hub on the web. */
  | { kind: 'company'; tenantId: TenantId; companyId: CompanyId }
  | { kind: 'shared' }
  | { kind: 'nobody' };

export interface DialledNumber {
  tenantId: TenantId | undefined;
}

/**
 * A bridge of a tenant's, or a number of a tenant's, opens that tenant's codes alone. A number that is in service nowhere opens nothing at a
 * bridge that all share, where there are numbers at all.
 */
export function wallOf(
  { tenantId: bridgeTenantId, hubOf }: { tenantId: TenantId | undefined; hubOf?: CompanyId },
  dialled: { given: boolean; known: DialledNumber | undefined; numbers: number },
): Wall {
  if (bridgeTenantId !== undefined && hubOf !== undefined) return { kind: 'company', tenantId: bridgeTenantId, companyId: hubOf };
  const { known, given, numbers } = dialled;
  if (given && known === undefined && bridgeTenantId === undefined && numbers > 0) return { kind: 'nobody' };
  const numberTenantId = known?.tenantId;
  if (bridgeTenantId !== undefined && numberTenantId !== undefined && bridgeTenantId !== numberTenantId) return { kind: 'nobody' };
  const tenantId = bridgeTenantId ?? numberTenantId;
  return tenantId === undefined ? { kind: 'shared' } : { kind: 'tenant', tenantId };
}

const SEPARATORS = /[\s#*.-]/g;

/** What was keyed without what ends or divides it; undefined where nothing was. */
export function cleanDigits(digits: string | undefined): string | undefined {
  return digits?.replace(SEPARATORS, '') || undefined;
}

export type CodeDecision = { kind: 'hit'; code: CodeRecord } | { kind: 'miss'; why: MissKind };

export function decideCode(
  code: CodeRecord | undefined,
  { wall, at, callerCountry }: { wall: Wall; at: number; callerCountry: CountryCode | undefined },
): CodeDecision {
  const why = findMiss(code, wall, at, callerCountry);
  return why === undefined ? { kind: 'hit', code: code as CodeRecord } : { kind: 'miss', why };
}

function findMiss(code: CodeRecord | undefined, wall: Wall, at: number, country: CountryCode | undefined): MissKind | undefined {
  if (code === undefined) return 'unknown';
  if (isOutside(code, wall)) return 'elsewhere';
  if (code.validUntil !== undefined && code.validUntil <= at) return 'retired';
  if (code.status === 'inactive') return 'inactive';
  if (code.status !== 'active') return 'ended';
  // No telephone is in it whose calls anybody could make dear.
  if (wall.kind === 'company') return undefined;
  const allowed = code.rails.allowedCallerCountries;
  return allowed === undefined || (country !== undefined && allowed.includes(country)) ? undefined : 'country';
}

function isOutside(code: CodeRecord, wall: Wall): boolean {
  switch (wall.kind) {
    case 'nobody':
      return true;
    case 'shared':
      return false;
    case 'tenant':
      return wall.tenantId !== code.tenantId;
    case 'company':
      return wall.tenantId !== code.tenantId || wall.companyId !== code.companyId;
  }
}

export function admit({ role, reservationId, rails, ...code }: CodeRecord, conference: string): Admitted {
  return {
    action: 'accept',
    role,
    conference,
    reservationId,
    client: { clientId: code.clientId, externalId: code.clientExternalId },
    company: { companyId: code.companyId, externalId: code.companyExternalId, name: code.companyName },
    limits: {
      maxParticipants: rails.maxParticipants,
      maxDurationSeconds: rails.maxDurationSeconds,
      waitForModerator: rails.moderatorRequired && role === 'participant',
    },
  };
}
