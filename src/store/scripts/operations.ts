import { type Calling, entryOfOrphan, entryOfStuck, type Operation } from '../../domain/operation.ts';
import type { ClientExternalId } from '../../domain/ids.ts';
import { originOfSystem } from '../../domain/journal.ts';
import {
  type Advance,
  type Advanced,
  type Claim,
  FIRST_SANDBOX_ID,
  type OperationKey,
  type Resolution,
  type Step,
  type Wish,
} from '../operations.ts';
import type { Row } from '../rows.ts';
import { COLUMNS, GATEWAY, isGateway, readOperation } from './operation-reads.ts';
import { changeClient } from './change-client.ts';
import { recordIssued } from './issue.ts';
import { append, type Dialect, drawRevision, idAt, insert, lock, query, type Script, update, type Value } from './script.ts';

const NO_REQUEST = {
  request_sealed: null,
  request_digest: null,
  request_revision: null,
  request_actor: null,
  request_request_id: null,
} as const;
const NO_STATUS = {
  status_wanted: null,
  status_client_id: null,
  status_reason: null,
  status_revision: null,
  status_actor: null,
  status_request_id: null,
} as const;
const ROW = 'tenant_id = $1 and external_id = $2';

/** As it is on record, and what time it is there. */
function* select({ tenantId, externalId }: OperationKey, dialect: Dialect, at: number): Script<Row | undefined> {
  const [row] = yield* query(
    `select ${COLUMNS}, ${dialect.clock('$3')} as now from operations where ${ROW} {for update}`,
    tenantId,
    externalId,
    dialect.clockValue(at),
  );
  return row;
}

export function* wish(dialect: Dialect, { at, origin, request, status, ...key }: Wish): Script<number> {
  yield* lock(lockOf(key));
  let row = yield* select(key, dialect, at);
  if (row === undefined) {
    const { tenantId, externalId } = key;
    const idle = { epoch: 0, lease_until: 0, called_at: 0, unsettled: 0, attempts: 0, next_at: 0, parked: 0, created_at: at };
    yield* insert('operations', { tenant_id: tenantId, external_id: externalId, ...idle });
    row = (yield* select(key, dialect, at)) as Row;
  }
  if (request !== undefined) {
    const isSame = row.request_digest !== null && Buffer.from(row.request_digest as Uint8Array).equals(request.digest);
    if (isSame) return yield* hasten(key, row, row.request_revision as number);
  }
  if (status !== undefined && row.status_wanted === status.wanted) return yield* hasten(key, row, row.status_revision as number);
  // Drawn, not counted: of an operation that was finished and began anew, nobody waits for the wrong one.
  const revision = drawRevision();
  const isIdle = row.request_revision === null && row.status_revision === null;
  const fresh: Record<string, Value> = isIdle ? { created_at: at, attempts: 0, stuck_at: null } : {};
  if (row.parked === 0) fresh.next_at = 0;
  if (request !== undefined) {
    const by = { request_actor: origin.actor, request_request_id: origin.requestId };
    yield* update(
      'operations',
      { ...fresh, request_sealed: request.sealed, request_digest: request.digest, request_revision: revision, ...by },
      ROW,
      key.tenantId,
      key.externalId,
    );
  }
  if (status !== undefined) {
    const { wanted, clientId, reason = null } = status;
    const by = { status_actor: origin.actor, status_request_id: origin.requestId };
    // Who is to be forgotten is not to be told of once more.
    const dropped = wanted === 'erased' || wanted === 'terminated' ? NO_REQUEST : {};
    yield* update(
      'operations',
      { ...fresh, ...dropped, status_wanted: wanted, status_client_id: clientId, status_reason: reason, status_revision: revision, ...by },
      ROW,
      key.tenantId,
      key.externalId,
    );
  }
  return revision;
}

/** The same wish once more: it is made due, and is known by the same revision. */
function* hasten(key: OperationKey, row: Row, revision: number): Script<number> {
  if (row.parked === 0) yield* update('operations', { next_at: 0 }, ROW, key.tenantId, key.externalId);
  return revision;
}

export function* claim(dialect: Dialect, { at, leaseMs, ...key }: Claim): Script<Operation | undefined> {
  const row = yield* select(key, dialect, at);
  if (row === undefined || row.parked !== 0) return undefined;
  const now = row.now as number;
  if ((row.lease_until as number) > now || (row.next_at as number) > now) return undefined;
  const epoch = (row.epoch as number) + 1;
  yield* update('operations', { epoch, lease_until: now + leaseMs }, ROW, key.tenantId, key.externalId);
  return readOperation({ ...row, epoch });
}

export function* advance(dialect: Dialect, command: Advance): Script<Advanced> {
  const { tenantId, externalId, epoch, at, step } = command;
  yield* lock(lockOf(command), ...(step.kind === 'issued' ? [`company/${tenantId}/${step.record.wanted.companyExternalId}`] : []));
  const row = yield* select(command, dialect, at);
  if (row?.epoch !== epoch) return { kind: 'lost' };
  const now = row.now as number;
  const write = (columns: Record<string, Value>) => update('operations', columns, ROW, tenantId, externalId);
  switch (step.kind) {
    case 'intend':
      yield* write({
        calling: step.calling,
        called_at: now,
        unsettled: unsettledBy(step.calling, row),
        lease_until: now + command.leaseMs,
      });
      return yield* remaining(dialect, command);
    case 'postpone':
      yield* postpone(command, step, row, write);
      return { kind: 'closed' };
    case 'void': {
      const dropped = row.request_revision === step.revision ? NO_REQUEST : row.status_revision === step.revision ? NO_STATUS : {};
      yield* write({ ...dropped, calling: null });
      return yield* remaining(dialect, command);
    }
    case 'issued': {
      const issued = yield* recordIssued(dialect, { tenantId, externalId, at, ...step.record });
      if (issued.kind === 'mismatch') {
        if (issued.orphan !== undefined) yield* addOrphans(command, now, [issued.orphan]);
        return { kind: 'mismatch', fields: issued.fields };
      }
      const isLatest = row.request_revision === (step.revision ?? null);
      yield* write({ ...(isLatest && NO_REQUEST), calling: null, attempts: 0, last_error: null });
      return { ...(yield* remaining(dialect, command)), issued };
    }
    case 'status': {
      const { clientId, revision, origin } = step;
      const isLatest = row.status_revision === revision;
      yield* write({ ...(isLatest && NO_STATUS), calling: null, attempts: 0, last_error: null });
      const left = yield* remaining(dialect, command);
      yield* changeClient(dialect, { tenantId, clientId, at, origin, change: step.change });
      return left;
    }
    case 'swept': {
      // Unless the sweep itself followed a call of unknown end: then one more is due, after that.
      const unsettled = row.calling === 'sweep' && row.unsettled !== DURING_SWEEP ? 0 : 1;
      yield* write({ calling: null, unsettled, attempts: 0, last_error: null });
      const left = yield* remaining(dialect, command);
      yield* addOrphans(command, now, step.orphans);
      return left;
    }
  }
}

/** What `unsettled` is while a sweep follows a call that may still take effect after it. */
const DURING_SWEEP = 2;

/** A call that nobody has heard the end of is followed by another: the earlier one may still take effect. */
function unsettledBy(calling: Calling, row: Row): number {
  if (row.calling === null) return Number(row.unsettled !== 0);
  return calling === 'sweep' ? DURING_SWEEP : 1;
}

type Write = (columns: Record<string, Value>) => Script<Row[]>;

function* postpone(command: Advance, step: Extract<Step, { kind: 'postpone' }>, row: Row, write: Write): Script<void> {
  const { inMs, error, isAmbiguous, isParked, isAttempt, stuckBefore } = step;
  const isStuck = row.stuck_at === null && (isParked || (row.created_at as number) <= stuckBefore);
  yield* write({
    lease_until: 0,
    next_at: (row.now as number) + inMs,
    attempts: (row.attempts as number) + Number(isAttempt),
    last_error: error,
    parked: Number(isParked),
    calling: isAmbiguous ? (row.calling as string | null) : null,
    stuck_at: isStuck ? command.at : (row.stuck_at as number | null),
  });
  if (!isStuck) return;
  const { tenantId, at, externalId } = command;
  yield* append({ tenantId, at, origin: originOfSystem() }, [entryOfStuck(externalId, row.operation_id as number, error)]);
}

/** What is left of an operation: it goes on, or waits until nothing of it can be under way any more, or is forgotten. */
function* remaining(dialect: Dialect, command: Advance): Script<Advanced & { kind: 'open' | 'closed' }> {
  const { tenantId, externalId, at, leaseMs, settleMs } = command;
  const row = (yield* select(command, dialect, at)) as Row;
  const now = row.now as number;
  if (row.calling !== null || row.request_revision !== null || row.status_revision !== null) {
    yield* update('operations', { lease_until: now + leaseMs }, ROW, tenantId, externalId);
    return { kind: 'open', operation: readOperation(row) };
  }
  if (row.unsettled !== 0)
    yield* update('operations', { lease_until: 0, next_at: now + settleMs, stuck_at: null }, ROW, tenantId, externalId);
  else yield* query(`delete from operations where ${ROW}`, tenantId, externalId);
  return { kind: 'closed' };
}

function* addOrphans({ tenantId, externalId, at }: Advance, now: number, vendorClientIds: readonly number[]): Script<void> {
  const fresh: number[] = [];
  for (const vendorClientId of vendorClientIds) {
    const inserted = yield* insert(
      'orphans',
      { tenant_id: tenantId, external_id: externalId, vendor_client_id: vendorClientId, found_at: now },
      'on conflict (tenant_id, vendor_client_id) do nothing returning orphan_id',
    );
    if (inserted.length > 0) fresh.push(vendorClientId);
  }
  yield* append(
    { tenantId, at, origin: originOfSystem() },
    fresh.map((vendorClientId) => entryOfOrphan(externalId, vendorClientId)),
  );
}

export function* resolve(dialect: Dialect, { tenantId, operationId, action, at }: Resolution): Script<Operation | undefined> {
  const [found] = yield* query(
    `select external_id from operations where tenant_id = $1 and operation_id = ${idAt('$2')}`,
    tenantId,
    operationId,
  );
  if (found === undefined) return undefined;
  const key = { tenantId, externalId: found.external_id as ClientExternalId };
  yield* lock(lockOf(key));
  const row = yield* select(key, dialect, at);
  if (row?.operation_id !== operationId) return undefined;
  // Whoever is at it now loses it: what an operator decides comes after.
  const taken = { epoch: (row.epoch as number) + 1, lease_until: 0, next_at: 0, parked: 0 };
  if (action === 'retry')
    yield* update('operations', { ...taken, calling: null, unsettled: 1, stuck_at: null, created_at: at }, ROW, tenantId, key.externalId);
  else yield* query(`delete from operations where ${ROW}`, tenantId, key.externalId);
  return readOperation(row);
}

export function* releaseAll(): Script<void> {
  yield* query('update operations set lease_until = 0');
}

function lockOf({ tenantId, externalId }: OperationKey): string {
  return `client/${tenantId}/${externalId}`;
}

const SEQUENCES = [
  ['companies', 'company_id'],
  ['hubs', 'hub_id'],
  ['clients', 'client_id'],
] as const;

/** A vendor's ids are its own: what a gateway gives out itself, to sandboxes, begins where no vendor is expected to be. */
export function* becomeGateway(dialect: Dialect): Script<'gateway' | 'has-clients'> {
  if (yield* isGateway()) return 'gateway';
  if ((yield* query('select 1 as there from clients limit 1')).length > 0) return 'has-clients';
  yield* insert('revisions', { name: GATEWAY, revision: 1 });
  if (dialect.name === 'sqlite') {
    yield* query(`update sqlite_sequence set seq = $1 where name in ('companies', 'hubs', 'clients')`, FIRST_SANDBOX_ID - 1);
  } else {
    for (const [table, column] of SEQUENCES)
      yield* query('select setval(pg_get_serial_sequence($1, $2), $3)', table, column, FIRST_SANDBOX_ID - 1);
  }
  return 'gateway';
}
