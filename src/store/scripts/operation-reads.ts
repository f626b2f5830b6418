import type { Operation } from '../../domain/operation.ts';
import type { ClientExternalId, ClientId, TenantId } from '../../domain/ids.ts';
import type { OperationKey, Orphan } from '../operations.ts';
import type { Row } from '../rows.ts';
import { type Dialect, idAt, query, type Script } from './script.ts';

export const COLUMNS = `operation_id, tenant_id, external_id, request_sealed, request_digest, request_revision, request_actor, request_request_id,
  status_wanted, status_client_id, status_reason, status_revision, status_actor, status_request_id, epoch, lease_until, calling, called_at,
  unsettled, attempts, next_at, parked, last_error, created_at, stuck_at`;

/** Among the revisions, because that is where a database says what it is. */
export const GATEWAY = 'gateway';

export function* isGateway(): Script<boolean> {
  return (yield* query('select revision from revisions where name = $1', GATEWAY)).length > 0;
}

export function* find(dialect: Dialect, { at, ...key }: OperationKey & { at: number }): Script<Operation | undefined> {
  const [row] = yield* query(
    `select ${COLUMNS}, ${dialect.clock('$3')} as now from operations where tenant_id = $1 and external_id = $2`,
    key.tenantId,
    key.externalId,
    dialect.clockValue(at),
  );
  return row && readOperation(row);
}

export function* findDue(dialect: Dialect, { at, limit }: { at: number; limit: number }): Script<OperationKey[]> {
  const rows = yield* query(
    `select tenant_id, external_id from operations where parked = 0 and next_at <= ${dialect.clock('$2')} and lease_until <= ${dialect.clock('$2')}
     order by next_at limit $1`,
    limit,
    dialect.clockValue(at),
  );
  return rows.map((row) => ({ tenantId: row.tenant_id as TenantId, externalId: row.external_id as ClientExternalId }));
}

export function* list(
  dialect: Dialect,
  { tenantId, after, stuckOnly, limit, at }: { tenantId: TenantId; after: number; stuckOnly: boolean; limit: number; at: number },
): Script<Operation[]> {
  const rows = yield* query(
    `select ${COLUMNS}, ${dialect.clock('$4')} as now from operations
     where tenant_id = $1 and operation_id > ${idAt('$2')} and (request_revision is not null or status_revision is not null or calling is not null)
       ${stuckOnly ? 'and stuck_at is not null' : ''}
     order by operation_id limit $3`,
    tenantId,
    after,
    limit,
    dialect.clockValue(at),
  );
  return rows.map(readOperation);
}

export function* count(): Script<{ pending: number; stuck: number }> {
  const [row] = yield* query(
    `select count(*) as pending, count(stuck_at) as stuck from operations where request_revision is not null or status_revision is not null`,
  );
  return { pending: Number(row?.pending), stuck: Number(row?.stuck) };
}

export function* listOrphans({ tenantId, after, limit }: { tenantId: TenantId; after: number; limit: number }): Script<Orphan[]> {
  const rows = yield* query(
    `select orphan_id, external_id, vendor_client_id, found_at from orphans where tenant_id = $1 and orphan_id > ${idAt('$2')}
     order by orphan_id limit $3`,
    tenantId,
    after,
    limit,
  );
  return rows.map((row) => ({
    orphanId: row.orphan_id as number,
    externalId: row.external_id as ClientExternalId,
    vendorClientId: row.vendor_client_id as number,
    foundAt: row.found_at as number,
  }));
}

export function readOperation(row: Row): Operation {
  const now = row.now as number;
  return {
    operationId: row.operation_id as number,
    tenantId: row.tenant_id as TenantId,
    externalId: row.external_id as ClientExternalId,
    epoch: row.epoch as number,
    request:
      row.request_revision === null
        ? undefined
        : {
            revision: row.request_revision as number,
            sealed: row.request_sealed as Uint8Array,
            origin: { actor: row.request_actor as string, requestId: row.request_request_id as string },
          },
    status:
      row.status_revision === null
        ? undefined
        : {
            revision: row.status_revision as number,
            clientId: row.status_client_id as ClientId,
            wanted: row.status_wanted as NonNullable<Operation['status']>['wanted'],
            reason: (row.status_reason as string | null) ?? undefined,
            origin: { actor: row.status_actor as string, requestId: row.status_request_id as string },
          },
    calling: (row.calling as Operation['calling'] | null) ?? undefined,
    sinceCalledMs: now - (row.called_at as number),
    isUnsettled: row.unsettled !== 0,
    attempts: row.attempts as number,
    nextInMs: Math.max(0, (row.next_at as number) - now),
    isParked: row.parked !== 0,
    lastError: (row.last_error as string | null) ?? undefined,
    createdAt: row.created_at as number,
    stuckAt: (row.stuck_at as number | null) ?? undefined,
  };
}
