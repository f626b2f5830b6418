import { NO_RAILS, type CodeRecord, type Rails } from '../../domain/admission.ts';
import type { Bucket, SourceKind } from '../../domain/guessing.ts';
import type { ClientStatus } from '../../domain/client.ts';
import type { ClientId, CompanyId, TenantId } from '../../domain/ids.ts';
import type { Role } from '../../domain/pass-code.ts';
import type { AdmissionFound, AdmissionQuery, ConferenceHost } from '../admission.ts';
import type { Row } from '../rows.ts';
import { type Dialect, idAt, query, sameTenant, type Script, type Value } from './script.ts';

const BUCKETS = ['caller', 'number', 'bridge', 'global', 'share', 'second'] as const satisfies readonly SourceKind[];
const RAILS = 'a.allowed_caller_countries, a.moderator_required, a.max_participants, a.max_duration_seconds';
const NOWHERE = new Uint8Array();

function sqlOf(dialect: Dialect): string {
  const buckets = BUCKETS.map(
    (kind) =>
      `g_${kind}.empty_at as ${kind}_empty_at, g_${kind}.strikes as ${kind}_strikes, g_${kind}.blocked_until as ${kind}_blocked_until`,
  );
  const joins = BUCKETS.map((kind, i) => `left join guess_buckets g_${kind} on g_${kind}.bucket = $${i + 5}`);
  return `select p.role, p.valid_until, r.reservation_id, c.tenant_id, c.client_id, c.external_id, c.company_id, c.status,
      o.external_id as company_external_id, o.name as company_name, ${RAILS},
      n.number as known_number, n.tenant_id as number_tenant_id, (select count(*) from access_numbers) as numbers,
      t.tries, m.admitted_at, m.tried_at, ${buckets.join(', ')}
    from (select 1 as one) asked
    left join pass_codes p on p.code_index = $1
    left join reservations r on r.reservation_id = p.reservation_id ${sameTenant(dialect, 'r', 'p')}
    left join clients c on c.client_id = r.client_id ${sameTenant(dialect, 'c', 'r')}
    left join companies o on o.tenant_id = c.tenant_id and o.company_id = c.company_id
    left join company_rails a on a.tenant_id = c.tenant_id and a.company_id = c.company_id
    left join access_numbers n on n.number = $2
    left join call_tries t on t.call_key = $3
    left join caller_pairs m on m.pair = $4
    ${joins.join(' ')}`;
}

const SQL: Partial<Record<Dialect['name'], string>> = {};

/** One statement that looks for everything each time: what it finds of a code does not change what it does. */
export function admissionSql(dialect: Dialect): string {
  return (SQL[dialect.name] ??= sqlOf(dialect));
}

export function admissionValues({ codeIndex, accessNumber, callKey, pair, buckets }: AdmissionQuery): (string | null | Uint8Array)[] {
  return [codeIndex, accessNumber ?? null, callKey, pair ?? NOWHERE, ...BUCKETS.map((kind) => buckets[kind] ?? NOWHERE)];
}

export function* findAdmission(dialect: Dialect, asked: AdmissionQuery): Script<AdmissionFound> {
  const [row] = yield* query(admissionSql(dialect), ...(admissionValues(asked) as Value[]));
  return readAdmission(row as Row);
}

export function readAdmission(row: Row): AdmissionFound {
  const bucket = (kind: SourceKind): Bucket => ({
    emptyAt: (row[`${kind}_empty_at`] as number | null) ?? 0,
    strikes: (row[`${kind}_strikes`] as number | null) ?? 0,
    blockedUntil: (row[`${kind}_blocked_until`] as number | null) ?? 0,
  });
  const numberTenantId = (row.number_tenant_id as TenantId | null) ?? undefined;
  return {
    code: row.role === null ? undefined : readCode(row),
    dialled: {
      known: row.known_number === null ? undefined : { tenantId: numberTenantId },
      numbers: Number(row.numbers),
    },
    tries: (row.tries as number | null) ?? 0,
    pair: { admittedAt: (row.admitted_at as number | null) ?? undefined, triedAt: (row.tried_at as number | null) ?? undefined },
    buckets: {
      caller: bucket('caller'),
      number: bucket('number'),
      bridge: bucket('bridge'),
      global: bucket('global'),
      share: bucket('share'),
      second: bucket('second'),
    },
  };
}

function readCode(row: Row): CodeRecord {
  return {
    role: row.role as Role,
    validUntil: (row.valid_until as number | null) ?? undefined,
    tenantId: row.tenant_id as TenantId,
    reservationId: row.reservation_id as number,
    clientId: row.client_id as ClientId,
    clientExternalId: row.external_id as number,
    companyId: row.company_id as CompanyId,
    companyExternalId: row.company_external_id as number,
    companyName: row.company_name as string,
    status: row.status as ClientStatus,
    rails: readRails(row),
  };
}

function readRails(row: Row): Rails {
  if (row.moderator_required === null) return NO_RAILS;
  return {
    allowedCallerCountries: (row.allowed_caller_countries as string | null)?.split(','),
    moderatorRequired: row.moderator_required !== 0,
    maxParticipants: (row.max_participants as number | null) ?? undefined,
    maxDurationSeconds: (row.max_duration_seconds as number | null) ?? undefined,
  };
}

/** Undefined where there is no such company. */
export function* findRails({ tenantId, companyId }: { tenantId: TenantId; companyId: CompanyId }): Script<Rails | undefined> {
  const [row] = yield* query(
    `select ${RAILS} from companies o left join company_rails a on a.tenant_id = o.tenant_id and a.company_id = o.company_id
     where o.tenant_id = $1 and o.company_id = ${idAt('$2')}`,
    tenantId,
    companyId,
  );
  return row && readRails(row);
}

export function* findHost(reservationId: number): Script<ConferenceHost | undefined> {
  const [row] = yield* query(
    `select c.tenant_id, c.status, ${RAILS} from reservations r join clients c on c.client_id = r.client_id
     left join company_rails a on a.tenant_id = c.tenant_id and a.company_id = c.company_id where r.reservation_id = $1`,
    reservationId,
  );
  return row && { tenantId: row.tenant_id as TenantId, status: row.status as ClientStatus, rails: readRails(row) };
}
