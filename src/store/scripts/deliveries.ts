import type { EndpointId, TenantId } from '../../domain/ids.ts';
import { EVENT_TYPES, type EventType, originOfSystem } from '../../domain/journal.ts';
import { dataOfDisabling, DISABLE_AFTER_MS, type DisabledReason, entryOfDisabling, MAX_PENDING } from '../../domain/webhook.ts';
import { type JournalRow, readJournalEntry, type Row } from '../rows.ts';
import type { ClaimedDelivery, DeliveryClaim, Settled, Settlement, StoredWebhook, WebhookStore } from '../webhooks.ts';
import { append, type Dialect, lock, query, type Script, update } from './script.ts';
import { readTypes, readWebhook } from './webhook-reads.ts';

type Command<Name extends keyof WebhookStore> = Parameters<WebhookStore[Name]>[0];

export function lockOf(endpointId: EndpointId): string {
  return `webhook/${endpointId}`;
}

/** Under the endpoint's lock, which whoever changes the order of its deliveries holds: so none can be told to wait for one that is settled. */
function* lockEnabled(endpointId: EndpointId): Script<StoredWebhook | undefined> {
  yield* lock(lockOf(endpointId));
  const [row] = yield* query(`select * from webhooks where endpoint_id = $1 and state = 'enabled'`, endpointId);
  return row && readWebhook(row);
}

export function* fanOut({ endpointId, at, limit }: Command<'fanOut'>): Script<boolean> {
  const webhook = yield* lockEnabled(endpointId);
  if (webhook === undefined || (yield* isFull(endpointId))) return false;
  const [head] = yield* query('select seq from journal_heads where tenant_id = $1', webhook.tenantId);
  const seq = Number(head?.seq ?? 0);
  const upTo = Math.min(seq, webhook.readTo + limit);
  if (upTo <= webhook.readTo) return false;
  yield* enqueue(webhook, { after: webhook.readTo, upTo, since: 0, until: Number.MAX_SAFE_INTEGER, types: undefined, isReplay: false, at });
  yield* update('webhooks', { read_to: upTo }, 'endpoint_id = $1', endpointId);
  return upTo < seq;
}

export function* advanceReplay({ replayId, endpointId, at, limit }: Command<'advanceReplay'>): Script<boolean> {
  const webhook = yield* lockEnabled(endpointId);
  if (webhook === undefined || (yield* isFull(endpointId))) return false;
  const [row] = yield* query('select * from webhook_replays where replay_id = $1', replayId);
  if (row === undefined) return false;
  const after = row.read_to as number;
  const upTo = Math.min(row.until_seq as number, after + limit);
  const range = { after, upTo, since: row.since_at as number, until: row.until_at as number, types: readTypes(row.types) };
  yield* enqueue(webhook, { ...range, isReplay: true, at });
  if (upTo < (row.until_seq as number)) {
    yield* update('webhook_replays', { read_to: upTo }, 'replay_id = $1', replayId);
    return true;
  }
  yield* query('delete from webhook_replays where replay_id = $1', replayId);
  return false;
}

function* isFull(endpointId: EndpointId): Script<boolean> {
  const [counted] = yield* query(
    `select count(*) as n from (select 1 from webhook_deliveries where endpoint_id = $1 and state = 'pending' limit $2) as waiting`,
    endpointId,
    MAX_PENDING,
  );
  return Number(counted?.n) >= MAX_PENDING;
}

interface Range {
  after: number;
  upTo: number;
  since: number;
  until: number;
  types: readonly EventType[] | undefined;
  isReplay: boolean;
  at: number;
}

/** In the journal's order. Of each client the first is due, unless an earlier one is still to arrive. */
function* enqueue({ endpointId, tenantId, types }: StoredWebhook, range: Range): Script<void> {
  const wanted = (types ?? EVENT_TYPES).filter((type) => range.types?.includes(type) ?? true);
  if (wanted.length === 0) return;
  const places = wanted.map((_, i) => `$${i + 10}`).join(', ');
  const waiting = `select 1 from webhook_deliveries d where d.endpoint_id = $1 and d.state = 'pending'`;
  yield* query(
    `insert into webhook_deliveries (endpoint_id, tenant_id, seq, client_id, replay, state, attempts, next_at, epoch, lease_until, created_at)
     select $1, tenant_id, seq, client_id, $3, 'pending', 0,
       case when place = 1 and not exists (${waiting} and coalesce(d.client_id, 0) = coalesce(j.client_id, 0)) then cast($4 as bigint) end, 0, 0, $4
     from (
       select tenant_id, seq, client_id, row_number() over (partition by coalesce(client_id, 0) order by seq) as place
       from journal e
       where tenant_id = $2 and seq > $5 and seq <= $6 and at >= $7 and at <= $8 and type in (${places})
         and not (type = 'webhook.endpoint_disabled' and data like $9)
         and not exists (${waiting} and d.seq = e.seq)
     ) as j order by seq`,
    endpointId,
    tenantId,
    Number(range.isReplay),
    range.at,
    range.after,
    range.upTo,
    range.since,
    range.until,
    dataOfDisabling(endpointId),
    ...wanted,
  );
}

export function* claim(dialect: Dialect, { endpointId, at, leaseMs, limit, limitWhileFailing }: DeliveryClaim): Script<ClaimedDelivery[]> {
  const webhook = yield* lockEnabled(endpointId);
  if (webhook === undefined) return [];
  const now = dialect.clock('$5');
  const taken = yield* query(
    `update webhook_deliveries set epoch = epoch + 1, lease_until = ${now} + $3 where delivery_id in
       (select delivery_id from webhook_deliveries where endpoint_id = $1 and next_at <= $2 and lease_until <= ${now}
        order by next_at, delivery_id limit $4)
     returning delivery_id, seq, epoch, attempts`,
    endpointId,
    at,
    leaseMs,
    webhook.failingSince === undefined ? limit : limitWhileFailing,
    dialect.clockValue(at),
  );
  if (taken.length === 0) return [];
  const places = taken.map((_, i) => `$${i + 2}`).join(', ');
  const rows = yield* query(
    `select * from journal where tenant_id = $1 and seq in (${places})`,
    webhook.tenantId,
    ...taken.map(({ seq }) => seq as number),
  );
  const entries = new Map(rows.map((row) => [row.seq, readJournalEntry(row as unknown as JournalRow)]));
  return taken.map((row) => ({
    deliveryId: row.delivery_id as number,
    epoch: row.epoch as number,
    attempts: row.attempts as number,
    webhook,
    entry: entries.get(row.seq) as ClaimedDelivery['entry'],
  }));
}

export function* settle({ endpointId, deliveryId, epoch, at, attempt, retryInMs }: Settlement): Script<Settled> {
  yield* lock(lockOf(endpointId));
  const [row] = yield* query('select * from webhook_deliveries where delivery_id = $1 {for update}', deliveryId);
  if (row?.epoch !== epoch || row.state !== 'pending') return 'lost';
  const tried = {
    lease_until: 0,
    attempts: (row.attempts as number) + 1,
    attempted_at: at,
    status: attempt.status ?? null,
    error: attempt.error ?? null,
    excerpt: (yield* isForgotten(row)) ? null : (attempt.excerpt ?? null),
    duration_ms: attempt.durationMs,
  };
  const settledAs =
    attempt.outcome === 'delivered' ? 'delivered' : attempt.outcome === 'failed' && retryInMs === undefined ? 'failed' : undefined;
  const next = settledAs === undefined ? { next_at: at + (retryInMs ?? 0) } : { state: settledAs, next_at: null, settled_at: at };
  yield* update('webhook_deliveries', { ...tried, ...next }, 'delivery_id = $1', deliveryId);
  if (settledAs !== undefined) yield* promote(endpointId, (row.client_id as number | null) ?? 0, at);
  return yield* judge(row, endpointId, at, attempt.outcome);
}

/** What a receiver said about somebody who was erased meanwhile is not kept. Asked after the delivery's row is held: see the erasure. */
function* isForgotten({ tenant_id: tenantId, client_id: clientId }: Row): Script<boolean> {
  if (clientId === null || clientId === undefined) return false;
  const [client] = yield* query(
    'select status from clients where tenant_id = $1 and client_id = $2',
    tenantId as number,
    clientId as number,
  );
  return client === undefined || client.status === 'erased';
}

/** The endpoint's own state: since when everything fails, and whether it is to be left alone from now on. */
function* judge(
  { tenant_id: tenantId }: Row,
  endpointId: EndpointId,
  at: number,
  outcome: Settlement['attempt']['outcome'],
): Script<Settled> {
  const [row] = yield* query(`select * from webhooks where endpoint_id = $1 and state = 'enabled'`, endpointId);
  if (row === undefined) return 'recorded';
  const { failingSince } = readWebhook(row);
  if (outcome === 'delivered') {
    if (failingSince !== undefined) yield* update('webhooks', { failing_since: null }, 'endpoint_id = $1', endpointId);
    return 'recorded';
  }
  const reason: DisabledReason | undefined =
    outcome === 'gone' ? 'gone' : at - (failingSince ?? at) >= DISABLE_AFTER_MS ? 'failing' : undefined;
  if (failingSince === undefined) yield* update('webhooks', { failing_since: at }, 'endpoint_id = $1', endpointId);
  if (reason === undefined) return 'recorded';
  yield* update(
    'webhooks',
    { state: 'disabled', disabled_reason: reason, disabled_at: at, updated_at: at },
    'endpoint_id = $1',
    endpointId,
  );
  const subject = { tenantId: tenantId as TenantId, at, origin: originOfSystem() };
  yield* append(subject, [entryOfDisabling({ endpointId }, reason)]);
  return 'disabled';
}

/** The earliest that waits is due, unless one of its client is due already. */
function* promote(endpointId: EndpointId, clientId: number, at: number): Script<void> {
  const waiting = `from webhook_deliveries where endpoint_id = $1 and state = 'pending' and coalesce(client_id, 0) = $2`;
  yield* query(
    `update webhook_deliveries set next_at = $3
     where delivery_id = (select min(delivery_id) ${waiting}) and not exists (select 1 ${waiting} and next_at is not null)`,
    endpointId,
    clientId,
    at,
  );
}

export function* retry({ tenantId, deliveryId, at }: Command<'retry'>): Script<boolean> {
  const [found] = yield* query(
    'select endpoint_id from webhook_deliveries where tenant_id = $1 and delivery_id = $2',
    tenantId,
    deliveryId,
  );
  if (found === undefined) return false;
  const endpointId = found.endpoint_id as EndpointId;
  yield* lock(lockOf(endpointId));
  const [row] = yield* query(
    `select d.* from webhook_deliveries d join webhooks w using (endpoint_id) where d.delivery_id = $1 and w.state <> 'deleted'`,
    deliveryId,
  );
  if (row === undefined) return false;
  const clientId = (row.client_id as number | null) ?? 0;
  if (row.state !== 'pending') {
    yield* update('webhook_deliveries', { state: 'pending', attempts: 0, settled_at: null }, 'delivery_id = $1', deliveryId);
    yield* promote(endpointId, clientId, at);
  } else {
    // Where it waits for an earlier one, that one is what is hastened.
    yield* query(
      `update webhook_deliveries set next_at = $3
       where endpoint_id = $1 and state = 'pending' and coalesce(client_id, 0) = $2 and next_at > $3`,
      endpointId,
      clientId,
      at,
    );
  }
  return true;
}

export function* release({ deliveryId, epoch }: Command<'release'>): Script<void> {
  yield* update('webhook_deliveries', { lease_until: 0 }, 'delivery_id = $1 and epoch = $2', deliveryId, epoch);
}

export function* releaseAll(): Script<void> {
  yield* query(`update webhook_deliveries set lease_until = 0 where state = 'pending' and lease_until > 0`);
}

export function* prune({ settledBefore, limit }: Command<'prune'>): Script<boolean> {
  const old = yield* query(
    `delete from webhook_deliveries where delivery_id in
       (select delivery_id from webhook_deliveries where settled_at < $1 order by settled_at limit $2) returning delivery_id`,
    settledBefore,
    limit,
  );
  const [deleted] = yield* query(`select endpoint_id from webhooks where state = 'deleted' limit 1`);
  if (deleted === undefined) return old.length === limit;
  yield* lock(lockOf(deleted.endpoint_id as EndpointId));
  return (yield* sweepDeleted(deleted.endpoint_id as EndpointId, limit)) || old.length === limit;
}

/** Says whether there is more. */
export function* sweepDeleted(endpointId: EndpointId, limit: number): Script<boolean> {
  const gone = yield* query(
    `delete from webhook_deliveries where delivery_id in
       (select delivery_id from webhook_deliveries where endpoint_id = $1 order by delivery_id limit $2) returning delivery_id`,
    endpointId,
    limit,
  );
  if (gone.length === limit) return true;
  yield* query('delete from webhooks where endpoint_id = $1', endpointId);
  return false;
}
