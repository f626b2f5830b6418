import type { ClientId, CompanyId, TenantId } from '../../domain/ids.ts';
import { LONGEST_MS } from '../../domain/leg.ts';
import type { Role } from '../../domain/pass-code.ts';
import type {
  BrowserLeg,
  BrowserLegQuery,
  LiveLeg,
  LiveQuery,
  OutlawedConference,
  OutlawedQuery,
  UsageLeg,
  UsageQuery,
  OpenCallsQuery,
} from '../admission.ts';
import type { Row } from '../rows.ts';
import { idAt, query, type Script } from './script.ts';

const LEG = `l.leg_id, l.conference, l.client_id, l.company_id, l.role, l.access_number, l.caller_masked, l.admitted_at, l.joined_at`;

export function* listLive({ tenantId, at, limit, ...filter }: LiveQuery): Script<LiveLeg[]> {
  const { where, values } = restrict({ 'l.client_id =': filter.clientId, 'l.company_id =': filter.companyId }, 4);
  const rows = yield* query(
    `select ${LEG} from legs l where l.tenant_id = $1 and l.left_at is null and l.expires_at > $2${where}
     order by l.conference, l.leg_id limit $3`,
    tenantId,
    at,
    limit,
    ...values,
  );
  return rows.map(readLeg);
}

/**
 * Looked for from the few clients that were changed lately, not from the many legs: nobody is let in who is not active, so that a leg which lives now is of
 * a change that is no older than the longest leg. (`cross join` is the order in which SQLite reads them.)
 */
export function* findOutlawed({ at, after, limit }: OutlawedQuery): Script<OutlawedConference[]> {
  const rows = yield* query(
    `with outlawed as (
       select distinct l.conference, l.tenant_id, l.client_id, l.bridge_id from tenants t cross join clients c cross join legs l
       where c.tenant_id = t.tenant_id and c.updated_at > $3 and c.status <> 'active'
         and l.tenant_id = c.tenant_id and l.client_id = c.client_id and l.left_at is null and l.expires_at > $1 and l.conference > $4
     )
     select conference, tenant_id, client_id, bridge_id from outlawed
     where conference in (select distinct conference from outlawed order by conference limit $2) order by conference, bridge_id`,
    at,
    limit,
    at - 2 * LONGEST_MS,
    after,
  );
  const groups = Map.groupBy(rows, (row) => row.conference as string);
  return [...groups].map(([conference, places]) => ({
    conference,
    tenantId: places[0]?.tenant_id as TenantId,
    clientId: places[0]?.client_id as ClientId,
    bridgeIds: places.flatMap(({ bridge_id: bridgeId }) => (bridgeId === null ? [] : [bridgeId as number])),
  }));
}

export function* listOpenCalls({ bridgeId, admittedBefore, after, limit }: OpenCallsQuery): Script<string[]> {
  const rows = yield* query(
    `select distinct call_id from legs
     where bridge_id = $1 and left_at is null and call_id > $2 and admitted_at < $3 order by call_id limit $4`,
    bridgeId,
    after,
    admittedBefore,
    limit,
  );
  return rows.map((row) => row.call_id as string);
}

/** Browsers come in by no bridge; their calls begin so, and `.` is what follows `-`. */
export function* listBrowserLegs({ joinedBefore, after, limit }: BrowserLegQuery): Script<BrowserLeg[]> {
  const rows = yield* query(
    `select leg_key, call_id, tenant_id, client_id from legs
     where bridge_id is null and left_at is null and call_id > $1 and call_id < 'web.' and joined_at < $2 order by call_id limit $3`,
    after === '' ? 'web-' : after,
    joinedBefore,
    limit,
  );
  return rows.map((row) => ({
    legKey: row.leg_key as string,
    callId: row.call_id as string,
    tenantId: row.tenant_id as TenantId,
    clientId: row.client_id as ClientId,
  }));
}

export function* listUsage({ tenantId, order, limit, ...filter }: UsageQuery): Script<UsageLeg[]> {
  const { after, before, clientId, companyId, from, to } = filter;
  const place = { 'l.leg_id >': after, 'l.leg_id <': before };
  const { where, values } = restrict(
    { ...place, 'l.client_id =': clientId, 'l.company_id =': companyId, 'l.admitted_at >=': from, 'l.admitted_at <': to },
    3,
  );
  const rows = yield* query(
    `select ${LEG}, l.call_id, l.left_at, l.ended_by, b.name as bridge_name from legs l left join bridges b on b.bridge_id = l.bridge_id
     where l.tenant_id = $1${where} order by l.leg_id ${order} limit $2`,
    tenantId,
    limit,
    ...values,
  );
  return rows.map((row) => ({
    ...readLeg(row),
    legId: row.leg_id as number,
    bridgeName: (row.bridge_name as string | null) ?? undefined,
    callId: (row.call_id as string | null) ?? undefined,
    leftAt: (row.left_at as number | null) ?? undefined,
    endedBy: (row.ended_by as UsageLeg['endedBy'] | null) ?? undefined,
  }));
}

function readLeg(row: Row): LiveLeg {
  return {
    conference: row.conference as string,
    clientId: row.client_id as ClientId,
    companyId: row.company_id as CompanyId,
    role: row.role as Role,
    accessNumber: (row.access_number as string | null) ?? undefined,
    callerMasked: (row.caller_masked as string | null) ?? undefined,
    admittedAt: row.admitted_at as number,
    joinedAt: (row.joined_at as number | null) ?? undefined,
  };
}

/** The comparisons that have something to compare with, their parameters numbered from `first` on. */
function restrict(comparisons: Readonly<Record<string, number | undefined>>, first: number): { where: string; values: number[] } {
  const given = Object.entries(comparisons).filter((one): one is [string, number] => one[1] !== undefined);
  return {
    where: given.map(([comparison], i) => ` and ${comparison} ${idAt(`$${first + i}`)}`).join(''),
    values: given.map(([, value]) => value),
  };
}
