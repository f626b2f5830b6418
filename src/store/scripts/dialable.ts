import type { TenantId } from '../../domain/ids.ts';
import type { Role } from '../../domain/pass-code.ts';
import type { DialableCode, DialableQuery } from '../admission.ts';
import { type Dialect, query, sameTenant, type Script } from './script.ts';

const NOTHING = new Uint8Array();

/** In order of reservation and code, beginning after the one that is given. */
export function* listDialable(dialect: Dialect, { tenantId, at, after, limit }: DialableQuery): Script<DialableCode[]> {
  const values = [after?.reservationId ?? 0, after?.codeIndex ?? NOTHING, at, limit];
  const rows = yield* query(
    `select p.code_index, p.reservation_id, p.role, p.valid_until, c.tenant_id, c.external_id, a.max_participants,
       case p.role when 'moderator' then r.moderator_pass_code_sealed else r.participant_pass_code_sealed end as sealed
     from pass_codes p join reservations r on r.reservation_id = p.reservation_id ${sameTenant(dialect, 'r', 'p')}
     join clients c on c.client_id = r.client_id ${sameTenant(dialect, 'c', 'r')}
     left join company_rails a on a.tenant_id = c.tenant_id and a.company_id = c.company_id
     where (p.reservation_id, p.code_index) > ($1, $2) and (p.valid_until is null or p.valid_until > $3) and c.status = 'active'
       and coalesce(a.moderator_required, 0) = 0 and a.allowed_caller_countries is null ${tenantId === undefined ? '' : 'and c.tenant_id = $5'}
     order by p.reservation_id, p.code_index limit $4`,
    ...(tenantId === undefined ? values : [...values, tenantId]),
  );
  return rows.map((row) => ({
    codeIndex: row.code_index as Uint8Array,
    reservationId: row.reservation_id as number,
    role: row.role as Role,
    validUntil: (row.valid_until as number | null) ?? undefined,
    tenantId: row.tenant_id as TenantId,
    clientExternalId: row.external_id as number,
    maxParticipants: (row.max_participants as number | null) ?? undefined,
    // What is on record in the clear's stead is the current pair only.
    sealed: row.valid_until === null ? (row.sealed as Uint8Array) : undefined,
  }));
}
