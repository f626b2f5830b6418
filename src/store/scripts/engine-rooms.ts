import type { ClientId, TenantId } from '../../domain/ids.ts';
import type { EngineRoom, NewEngineRoom } from '../engine-rooms.ts';
import type { Row } from '../rows.ts';
import { type Dialect, insert, lock, query, type Script } from './script.ts';

const ROOM = `room_number, tenant_id, client_id, reservation_id, keys_sealed, has_video, state, revision, applied_revision, attempts, locked_at, removed`;
const CLOSING = `state = 'closing', revision = revision + 1, attempts = 0, last_error = null`;
/** A code that opened this room opens it no more. */
const ROTATED = `exists (select 1 from pass_codes p where p.reservation_id = engine_rooms.reservation_id
  and p.valid_until >= engine_rooms.keyed_at and p.valid_until <= $2)`;
const ENDED = `not exists (select 1 from clients c where c.tenant_id = engine_rooms.tenant_id
  and c.client_id = engine_rooms.client_id and c.status = 'active')`;
const IDLE = `(admitted_at < $3 and not exists (select 1 from legs l where l.tenant_id = engine_rooms.tenant_id
  and l.client_id = engine_rooms.client_id and l.left_at is null and l.expires_at > $2))`;

export function* ensureRoom(dialect: Dialect, room: NewEngineRoom): Script<EngineRoom | undefined> {
  const { engine, tenantId, clientId, reservationId, at } = room;
  yield* lock(`engine-room/${engine}/${reservationId}`);
  // Held to the commit: who deactivates waits, and then finds the room.
  const [client] = yield* query(
    `select c.status, k.is_web_conf_enabled from clients c join companies k on k.company_id = c.company_id
     where c.tenant_id = $1 and c.client_id = $2 ${dialect.name === 'postgres' ? 'for share of c' : ''}`,
    tenantId,
    clientId,
  );
  if (client?.status !== 'active') return undefined;
  const hasVideo = Number(client.is_web_conf_enabled);
  yield* query(
    `update engine_rooms set ${CLOSING}, next_at = $2 where reservation_id = $1 and state = 'wanted' and ${ROTATED}`,
    reservationId,
    at,
  );
  const [known] = yield* query(
    `update engine_rooms set admitted_at = $3, has_video = $4, revision = case when has_video = $4 then revision else revision + 1 end
     where engine = $1 and reservation_id = $2 and state = 'wanted' returning ${ROOM}`,
    engine,
    reservationId,
    at,
    hasVideo,
  );
  if (known !== undefined) return readRoom(known);
  const [made] = yield* insert(
    'engine_rooms',
    {
      room_number: room.number,
      engine,
      tenant_id: tenantId,
      client_id: clientId,
      reservation_id: reservationId,
      keys_sealed: room.keysSealed,
      has_video: hasVideo,
      state: 'wanted',
      revision: 1,
      attempts: 0,
      next_at: at,
      keyed_at: at,
      admitted_at: at,
    },
    `returning ${ROOM}`,
  );
  return readRoom(made as Row);
}

export function* findUnwanted({ engine, at, idleSince }: { engine: string; at: number; idleSince: number }): Script<void> {
  yield* query(
    `update engine_rooms set ${CLOSING}, next_at = $2 where engine = $1 and state = 'wanted' and (${ENDED} or ${ROTATED} or ${IDLE})`,
    engine,
    at,
    idleSince,
  );
}

interface Claim {
  engine: string;
  at: number;
  leaseUntil: number;
  limit: number;
}

export function* claimRooms(dialect: Dialect, { engine, at, leaseUntil, limit }: Claim): Script<EngineRoom[]> {
  const rows = yield* query(
    `update engine_rooms set next_at = $3, attempts = attempts + 1 where room_number in (
       select room_number from engine_rooms where engine = $1 and state = 'closing' and next_at <= $2 order by next_at limit $4
       ${dialect.name === 'postgres' ? 'for update skip locked' : ''})
     returning ${ROOM}`,
    engine,
    at,
    leaseUntil,
    limit,
  );
  return rows.map(readRoom);
}

interface Applied {
  number: number;
  revision: number;
  epoch: string | undefined;
  at: number;
}

/** What an engine was told of an older revision counts for nothing. */
export function* recordApplied({ number, revision, epoch, at }: Applied): Script<boolean> {
  const rows = yield* query(
    `update engine_rooms set applied_revision = $2, applied_epoch = $3, attempts = 0, last_error = null,
       closed_at = case when state = 'wanted' then closed_at else $4 end, state = case when state = 'wanted' then 'wanted' else 'closed' end
     where room_number = $1 and revision = $2 returning 1 as is_current`,
    number,
    revision,
    epoch ?? null,
    at,
  );
  return rows.length > 0;
}

interface Failure {
  number: number;
  revision: number;
  nextAt: number;
  error: string;
}

export function* recordFailure({ number, revision, nextAt, error }: Failure): Script<void> {
  yield* query(
    'update engine_rooms set next_at = $3, last_error = $4 where room_number = $1 and revision = $2',
    number,
    revision,
    nextAt,
    error,
  );
}

export function* listRooms({ engine, after, limit }: { engine: string; after: number; limit: number }): Script<EngineRoom[]> {
  const rows = yield* query(
    `select ${ROOM} from engine_rooms where engine = $1 and room_number > $2 order by room_number limit $3`,
    engine,
    after,
    limit,
  );
  return rows.map(readRoom);
}

interface ClientRooms {
  engine: string;
  tenantId: TenantId;
  clientId: ClientId;
}

export function* listOfClient({ engine, tenantId, clientId }: ClientRooms): Script<EngineRoom[]> {
  const rows = yield* query(
    `select ${ROOM} from engine_rooms where engine = $1 and tenant_id = $2 and client_id = $3 order by room_number`,
    engine,
    tenantId,
    clientId,
  );
  return rows.map(readRoom);
}

export function* reopenClosing({ number, revision, at }: { number: number; revision: number; at: number }): Script<void> {
  yield* query(
    `update engine_rooms set ${CLOSING}, next_at = $3 where room_number = $1 and revision = $2 and state = 'closed'`,
    number,
    revision,
    at,
  );
}

export function* lockRoom({ number, lockedAt }: { number: number; lockedAt: number | undefined }): Script<void> {
  yield* query('update engine_rooms set locked_at = $2 where room_number = $1', number, lockedAt ?? null);
}

export function* removeVisitor({ number, visitor }: { number: number; visitor: string }): Script<void> {
  yield* lock(`engine-room-doors/${number}`);
  const [row] = yield* query('select removed from engine_rooms where room_number = $1', number);
  if (row === undefined) return;
  const removed = new Set(JSON.parse(row.removed as string) as string[]).add(visitor);
  yield* query('update engine_rooms set removed = $2 where room_number = $1', number, JSON.stringify([...removed]));
}

export function* endRoom({ number, at }: { number: number; at: number }): Script<void> {
  yield* query(`update engine_rooms set ${CLOSING}, next_at = $2 where room_number = $1 and state = 'wanted'`, number, at);
}

export function* countRooms(engine: string): Script<{ wanted: number; pending: number }> {
  const [row] = yield* query(
    `select coalesce(sum(case when state = 'wanted' then 1 else 0 end), 0) as wanted,
       coalesce(sum(case when state = 'closing' or (state = 'wanted' and (applied_revision is null or applied_revision < revision)) then 1 else 0 end), 0)
         as pending
     from engine_rooms where engine = $1`,
    engine,
  );
  return { wanted: Number(row?.wanted), pending: Number(row?.pending) };
}

export function* forgetRooms(closedBefore: number): Script<void> {
  yield* query(`delete from engine_rooms where state = 'closed' and closed_at < $1`, closedBefore);
}

function readRoom(row: Row): EngineRoom {
  return {
    number: row.room_number as number,
    tenantId: row.tenant_id as TenantId,
    clientId: row.client_id as ClientId,
    reservationId: row.reservation_id as number,
    keysSealed: row.keys_sealed as Uint8Array,
    hasVideo: Number(row.has_video) === 1,
    state: row.state as EngineRoom['state'],
    revision: row.revision as number,
    appliedRevision: (row.applied_revision as number | null) ?? undefined,
    attempts: row.attempts as number,
    lockedAt: (row.locked_at as number | null) ?? undefined,
    removed: JSON.parse(row.removed as string) as string[],
  };
}
