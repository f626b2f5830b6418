import type { ClientId, CompanyId } from '../../domain/ids.ts';
import { applyReport, expiryOf, type NewLeg } from '../../domain/leg.ts';
import type { AdmittedLeg, EndedLegs, ReportedLeg } from '../admission.ts';
import type { Row } from '../rows.ts';
import { type Dialect, lock, query, type Script, update } from './script.ts';

export function* recordLegs(dialect: Dialect, legs: readonly AdmittedLeg[]): Script<void> {
  for (const admitted of legs) yield* recordLeg(dialect, admitted);
}

/** One that was reported already gets what only the answer knew. */
function* recordLeg(dialect: Dialect, { leg, pair }: AdmittedLeg): Script<void> {
  // Somebody who was forgotten meanwhile is not remembered again.
  const [client] = yield* query(
    `select status from clients where tenant_id = $1 and client_id = $2 ${dialect.name === 'postgres' ? 'for share' : ''}`,
    leg.tenantId,
    leg.clientId,
  );
  if (client === undefined || client.status === 'erased') return;
  yield* insertLeg(leg);
  if (pair === undefined) return;
  yield* query(
    `insert into caller_pairs (pair, reservation_id, admitted_at, forget_at) values ($1, $2, $3, $4)
     on conflict (pair) do update set reservation_id = $2, admitted_at = $3, forget_at = $4`,
    pair.pair,
    pair.reservationId,
    leg.admittedAt,
    pair.forgetAt,
  );
}

/** Who comes back in the same call goes on with the same leg. */
function* insertLeg(leg: NewLeg): Script<void> {
  yield* query(
    `insert into legs (leg_key, tenant_id, client_id, company_id, conference, role, bridge_id, access_number, call_id, caller_digest, caller_masked,
       admitted_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (leg_key) do update set role = excluded.role, access_number = excluded.access_number,
       caller_digest = excluded.caller_digest, caller_masked = excluded.caller_masked,
       admitted_at = case when legs.admitted_at < excluded.admitted_at then legs.admitted_at else excluded.admitted_at end,
       expires_at = case when legs.left_at < excluded.admitted_at or (legs.left_at is null and legs.joined_at is null)
         then excluded.expires_at else legs.expires_at end,
       ended_by = case when legs.left_at < excluded.admitted_at then null else legs.ended_by end,
       left_at = case when legs.left_at < excluded.admitted_at then null else legs.left_at end`,
    leg.legKey,
    leg.tenantId,
    leg.clientId,
    leg.companyId,
    leg.conference,
    leg.role,
    leg.bridgeId ?? null,
    leg.accessNumber ?? null,
    leg.callId,
    leg.callerDigest ?? null,
    leg.callerMasked ?? null,
    leg.admittedAt,
    leg.expiresAt,
  );
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
  yield* recordLeg(dialect, admitted);
  return true;
}

/** A leg that nobody has heard of (the server that let it in died before it was on record) begins with its report. */
export function* reportLeg(reported: ReportedLeg): Script<boolean> {
  const { report, legKey, tenantId, bridgeId, now } = reported;
  yield* lock(`leg/${legKey}`);
  let row = yield* selectLeg(legKey);
  if (row === undefined) {
    const leg = yield* makeLeg(reported);
    if (leg === undefined) return false;
    yield* insertLeg(leg);
    row = (yield* selectLeg(legKey)) as Row;
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
    role: 'participant',
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
