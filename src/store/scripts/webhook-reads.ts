import type { ClientId, EndpointId, TenantId } from '../../domain/ids.ts';
import type { EventType } from '../../domain/journal.ts';
import type { Delivery, DeliveryState, DisabledReason, Webhook } from '../../domain/webhook.ts';
import type { Row } from '../rows.ts';
import type { DeliveryQuery, EndpointKey, StoredWebhook, Work } from '../webhooks.ts';
import { idAt, type Dialect, query, type Script } from './script.ts';

/** Bounds what one turn looks at; the next one has the rest. */
const MAX_ENDPOINTS_AT_ONCE = 1_000;

export function* list(tenantId: TenantId): Script<Webhook[]> {
  const rows = yield* query(
    `select * from webhooks where tenant_id = $1 and state <> 'deleted' order by created_at, endpoint_id`,
    tenantId,
  );
  return rows.map(readWebhook);
}

export function* find({ tenantId, endpointId }: EndpointKey): Script<StoredWebhook | undefined> {
  const sql = `select * from webhooks where tenant_id = $1 and endpoint_id = $2 and state <> 'deleted'`;
  const [row] = yield* query(sql, tenantId, endpointId);
  return row && readWebhook(row);
}

export function* listDeliveries({ tenantId, endpointId, before, state, clientId, limit }: DeliveryQuery): Script<Delivery[]> {
  const filters = [
    state === undefined ? '' : 'and d.state = $5',
    clientId === undefined ? '' : `and d.client_id = ${idAt(state === undefined ? '$5' : '$6')}`,
  ];
  const rows = yield* query(
    `select d.*, j.type from webhook_deliveries d join journal j on j.tenant_id = d.tenant_id and j.seq = d.seq
     where d.tenant_id = $1 and d.endpoint_id = $2 and d.delivery_id < $3 ${filters.join(' ')} order by d.delivery_id desc limit $4`,
    tenantId,
    endpointId,
    before,
    limit,
    ...(state === undefined ? [] : [state]),
    ...(clientId === undefined ? [] : [clientId]),
  );
  return rows.map(readDelivery);
}

export function* findWork(dialect: Dialect, at: number): Script<Work> {
  const behind = yield* query(
    `select w.endpoint_id from webhooks w join journal_heads h using (tenant_id) where w.state = 'enabled' and w.read_to < h.seq limit $1`,
    MAX_ENDPOINTS_AT_ONCE,
  );
  const replays = yield* query(
    `select r.replay_id, r.endpoint_id from webhook_replays r join webhooks w using (endpoint_id)
     where w.state = 'enabled' order by r.replay_id limit $1`,
    MAX_ENDPOINTS_AT_ONCE,
  );
  const due = yield* query(
    `select w.endpoint_id from webhooks w where w.state = 'enabled' and exists
       (select 1 from webhook_deliveries d where d.endpoint_id = w.endpoint_id and d.next_at <= $1 and d.lease_until <= ${dialect.clock('$3')})
     limit $2`,
    at,
    MAX_ENDPOINTS_AT_ONCE,
    dialect.clockValue(at),
  );
  const idOf = (row: Row): EndpointId => row.endpoint_id as EndpointId;
  return {
    behind: behind.map(idOf),
    replays: replays.map((row) => ({ replayId: row.replay_id as number, endpointId: idOf(row) })),
    due: due.map(idOf),
  };
}

export function* count(): Script<{ pending: number; oldestAt: number | undefined; disabled: number }> {
  const [waiting] = yield* query(
    `select count(*) as n, min(d.created_at) as oldest from webhook_deliveries d join webhooks w using (endpoint_id)
     where d.state = 'pending' and w.state = 'enabled'`,
  );
  const [disabled] = yield* query(`select count(*) as n from webhooks where state = 'disabled' and disabled_reason <> 'caller'`);
  return { pending: Number(waiting?.n), oldestAt: (waiting?.oldest as number | null) ?? undefined, disabled: Number(disabled?.n) };
}

export function readWebhook(row: Row): StoredWebhook {
  return {
    endpointId: row.endpoint_id as EndpointId,
    tenantId: row.tenant_id as TenantId,
    url: row.url as string,
    types: readTypes(row.types),
    description: (row.description as string | null) ?? undefined,
    isEnabled: row.state === 'enabled',
    disabledReason: (row.disabled_reason as DisabledReason | null) ?? undefined,
    disabledAt: (row.disabled_at as number | null) ?? undefined,
    failingSince: (row.failing_since as number | null) ?? undefined,
    readTo: row.read_to as number,
    previousSecretUntil: (row.previous_until as number | null) ?? undefined,
    createdAt: row.created_at as number,
    updatedAt: row.updated_at as number,
    secretSealed: row.secret_sealed as Uint8Array,
    previousSecretSealed: (row.previous_secret_sealed as Uint8Array | null) ?? undefined,
  };
}

export function readTypes(column: Row[string] | undefined): readonly EventType[] | undefined {
  return typeof column === 'string' ? (column.split(' ') as EventType[]) : undefined;
}

function readDelivery(row: Row): Delivery {
  const number = (column: string): number | undefined => (row[column] as number | null) ?? undefined;
  const text = (column: string): string | undefined => (row[column] as string | null) ?? undefined;
  return {
    deliveryId: row.delivery_id as number,
    seq: row.seq as number,
    type: row.type as string,
    clientId: number('client_id') as ClientId | undefined,
    state: row.state as DeliveryState,
    isReplay: row.replay !== 0,
    attempts: row.attempts as number,
    nextAt: number('next_at'),
    attemptedAt: number('attempted_at'),
    status: number('status'),
    error: text('error'),
    excerpt: text('excerpt'),
    durationMs: number('duration_ms'),
    createdAt: row.created_at as number,
  };
}
