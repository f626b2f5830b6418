import type { ClientId, CompanyId } from '../../domain/ids.ts';
import { applyReport, expiryOf, type NewLeg } from '../../domain/leg.ts';
import type { AdmittedLeg, EndedCall, EndedLegs, ReportedLeg } from '../admission.ts';
import type { Row } from '../rows.ts';
import { packedSql, type PackedLegs, packLegs } from './packed-legs.ts';
import { type Dialect, lock, query, type Script, update } from './script.ts';

export function* recordLegs(dialect: Dialect, { legs, pairs }: PackedLegs): Script<void> {
  const sql = packedSql(dialect);
  yield* query(sql.legs, legs);
  if (pairs !== undefined) yield* query(sql.pairs, pairs);
}

export function* reserveLeg(
  dialect: Dialect,
  { admitted, maxParticipants }: { admitted: AdmittedLeg; maxParticipants: number },
): Script<boolean> {
  const { leg } = admitted;
  yield* lock(`conference/${leg.conference}`);
  const [others] = yield* query(
    'select count(*) as n from legs where tenant_id = $1 and conference = $2 and left_at is null and expires_at > $3 and leg_key <> $4',
    leg.tenantId,
    leg.conference,
    leg.admittedAt,
    leg.legKey,
  );
  if (Number(others?.n) >= maxParticipants) return false;
  yield* recordLegs(dialect, packLegs([admitted]));
  return true;
}

/** A leg that nobody has heard of (the engine asked nobody, or the server that let it in died before it was on record) begins with its report. */
export function* reportLeg(dialect: Dialect, reported: ReportedLeg): Script<boolean> {
  const { report, legKey, tenantId, bridgeId, now } = reported;
  yield* lock(`leg/${legKey}`);
  let row = yield* selectLeg(legKey);
  if (row === undefined) {
    const leg = yield* makeLeg(reported);
    if (leg === undefined) return false;
    yield* recordLegs(dialect, packLegs([{ leg, pair: undefined }]));
    row = yield* selectLeg(legKey);
    if (row === undefined) return false;
  }
  if (row.tenant_id !== tenantId) return false;
  yield* write(row, { report, now });
  if (bridgeId !== undefined) yield* rememberThatItReports(bridgeId, now);
  return true;
}

function* selectLeg(legKey: string): Script<Row | undefined> {
  const [row] = yield* query(
    `select l.leg_id, l.tenant_id, l.joined_at, l.left_at, l.expires_at, a.max_duration_seconds
     from legs l left join company_rails a on a.tenant_id = l.tenant_id and a.company_id = l.company_id where l.leg_key = $1`,
    legKey,
  );
  return row;
}

function* makeLeg({ report, legKey, tenantId, reservationId, bridgeId, now }: ReportedLeg): Script<NewLeg | undefined> {
  const [client] = yield* query(
    `select c.client_id, c.company_id, c.status from reservations r join clients c on c.client_id = r.client_id
     where r.reservation_id = $1 and c.tenant_id = $2`,
    reservationId,
    tenantId,
  );
  if (client === undefined || client.status === 'erased') return undefined;
  const at = Math.min(report.at ?? now, now);
  return {
    legKey,
    tenantId,
    clientId: client.client_id as ClientId,
    companyId: client.company_id as CompanyId,
    conference: report.conference,
    role: report.role ?? 'participant',
    bridgeId,
    accessNumber: undefined,
    callId: report.callId,
    callerDigest: undefined,
    callerMasked: undefined,
    admittedAt: at,
    expiresAt: expiryOf(at, { reportsJoins: true, maxDurationMs: undefined }),
  };
}

function* write(row: Row, { report, now }: Pick<ReportedLeg, 'report' | 'now'>): Script<void> {
  const before = { joinedAt: (row.joined_at as number | null) ?? undefined, leftAt: (row.left_at as number | null) ?? undefined };
  const maxDuration = row.max_duration_seconds as number | null;
  const maxDurationMs = maxDuration === null ? undefined : maxDuration * 1000;
  const after = applyReport({ ...before, expiresAt: row.expires_at as number }, report, { now, maxDurationMs });
  yield* update(
    'legs',
    {
      joined_at: after.joinedAt ?? null,
      left_at: after.leftAt ?? null,
      expires_at: after.expiresAt,
      ended_by: after.leftAt === undefined ? null : 'report',
    },
    'leg_id = $1',
    row.leg_id as number,
  );
}

/** From its first report on, who is let in and does not join is not there. All nodes hear of it. */
function* rememberThatItReports(bridgeId: number, at: number): Script<void> {
  const told = yield* query(
    'update bridges set reported_at = $2 where bridge_id = $1 and reported_at is null returning 1 as first',
    bridgeId,
    at,
  );
  if (told.length > 0) yield* query(`update revisions set revision = revision + 1 where name = 'access'`);
}

export function* endCall({ bridgeId, callId, at }: EndedCall): Script<void> {
  yield* query(
    `update legs set left_at = $3, ended_by = 'report' where bridge_id = $1 and call_id = $2 and left_at is null`,
    bridgeId,
    callId,
    at,
  );
}

export function* endLeg({ legKey, at }: { legKey: string; at: number }): Script<void> {
  yield* query(`update legs set left_at = $2, ended_by = 'report' where leg_key = $1 and left_at is null`, legKey, at);
}

export function* endLegs({ tenantId, conference, at, dialect }: EndedLegs): Script<void> {
  const values = dialect === undefined ? [] : [dialect];
  const ofDialect = dialect === undefined ? '' : 'and bridge_id in (select bridge_id from bridges where dialect = $4)';
  yield* query(
    `update legs set left_at = $3, ended_by = 'ejection' where tenant_id = $1 and conference = $2 and left_at is null ${ofDialect}`,
    tenantId,
    conference,
    at,
    ...values,
  );
}

export function* expireLegs(at: number): Script<void> {
  yield* query(`update legs set left_at = expires_at, ended_by = 'expiry' where left_at is null and expires_at <= $1`, at);
}
