import type { NewLeg } from '../../domain/leg.ts';
import type { AdmittedLeg } from '../admission.ts';
import { type Columns, hexOf, pack, packedRows, placesOf } from './packed.ts';
import type { Dialect } from './script.ts';

/** Legs, and which callers were let in with which codes. */
export interface PackedLegs {
  legs: string;
  /** Undefined where there are none. */
  pairs: string | undefined;
}

type AdmittedPair = Pick<NewLeg, 'tenantId' | 'clientId' | 'admittedAt'> & NonNullable<AdmittedLeg['pair']>;

/** In the order of their rows. */
const LEG: Columns<NewLeg> = [
  ['leg_key', 'text', (leg) => leg.legKey],
  ['tenant_id', 'number', (leg) => leg.tenantId],
  ['client_id', 'number', (leg) => leg.clientId],
  ['company_id', 'number', (leg) => leg.companyId],
  ['conference', 'text', (leg) => leg.conference],
  ['role', 'text', (leg) => leg.role],
  ['bridge_id', 'number', (leg) => leg.bridgeId],
  ['access_number', 'text', (leg) => leg.accessNumber],
  ['call_id', 'text', (leg) => leg.callId],
  ['caller_digest', 'bytes', (leg) => leg.callerDigest],
  ['caller_masked', 'text', (leg) => leg.callerMasked],
  ['admitted_at', 'number', (leg) => leg.admittedAt],
  ['expires_at', 'number', (leg) => leg.expiresAt],
];
const PAIR: Columns<AdmittedPair> = [
  ['pair', 'bytes', ({ pair }) => pair],
  ['reservation_id', 'number', ({ reservationId }) => reservationId],
  ['admitted_at', 'number', ({ admittedAt }) => admittedAt],
  ['forget_at', 'number', ({ forgetAt }) => forgetAt],
];
/** Of the client that a pair is of, behind its own columns. */
const OWNER: Columns<AdmittedPair> = [
  ['tenant_id', 'number', ({ tenantId }) => tenantId],
  ['client_id', 'number', ({ clientId }) => clientId],
];

export function packLegs(admitted: readonly AdmittedLeg[]): PackedLegs {
  const legs = new Map<string, NewLeg>();
  const pairs = new Map<string, AdmittedPair>();
  for (const { leg, pair } of admitted) {
    const earlier = legs.get(leg.legKey);
    legs.set(leg.legKey, earlier === undefined ? leg : { ...leg, admittedAt: Math.min(leg.admittedAt, earlier.admittedAt) });
    if (pair !== undefined)
      pairs.set(hexOf(pair.pair), { ...pair, tenantId: leg.tenantId, clientId: leg.clientId, admittedAt: leg.admittedAt });
  }
  return { legs: pack(LEG, legs), pairs: pairs.size === 0 ? undefined : pack([...PAIR, ...OWNER], pairs) };
}

/**
 * Inserts the rows of the one value, but none of a client that is erased: somebody who was forgotten meanwhile is not remembered again. Where the engine has
 * other writers the clients are held as they are until the commit.
 */
function insertSql<Row>(dialect: Dialect, table: string, columns: Columns<Row>, owner: Columns<Row>, onConflict: string): string {
  const places = placesOf(dialect, [...columns, ...owner]);
  return `insert into ${table} (${columns.map(([name]) => name).join(', ')})
    select ${columns.map(([name]) => places.get(name)).join(', ')} from ${packedRows(dialect)}
    join clients c on c.tenant_id = ${places.get('tenant_id')} and c.client_id = ${places.get('client_id')}
    where c.status <> 'erased' ${dialect.name === 'postgres' ? 'for share of c' : ''}
    on conflict ${onConflict}`;
}

/** Who comes back in the same call goes on with the same leg. One that was reported already gets what only the answer knew. */
const GO_ON = `(leg_key) do update set role = excluded.role, access_number = excluded.access_number,
  caller_digest = excluded.caller_digest, caller_masked = excluded.caller_masked,
  admitted_at = case when legs.admitted_at < excluded.admitted_at then legs.admitted_at else excluded.admitted_at end,
  expires_at = case when legs.left_at < excluded.admitted_at or (legs.left_at is null and legs.joined_at is null)
    then excluded.expires_at else legs.expires_at end,
  ended_by = case when legs.left_at < excluded.admitted_at then null else legs.ended_by end,
  left_at = case when legs.left_at < excluded.admitted_at then null else legs.left_at end`;
const KNOW_AGAIN = `(pair) do update set reservation_id = excluded.reservation_id, admitted_at = excluded.admitted_at, forget_at = excluded.forget_at`;

interface Statements {
  legs: string;
  pairs: string;
}
const SQL: Partial<Record<Dialect['name'], Statements>> = {};

export function packedSql(dialect: Dialect): Statements {
  return (SQL[dialect.name] ??= {
    legs: insertSql(dialect, 'legs', LEG, [], GO_ON),
    pairs: insertSql(dialect, 'caller_pairs', PAIR, OWNER, KNOW_AGAIN),
  });
}
