import { administrationEntry, differences, type Origin } from '../../domain/journal.ts';
import type { Rails } from '../../domain/admission.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { DialectName } from '../../domain/bridge.ts';
import type { RailsChange } from '../admission.ts';
import type {
  AccessNumber,
  BridgeRecord,
  BridgeRevocation,
  BridgeRotation,
  BridgeSummary,
  BridgeUpdate,
  MadeBridge,
  NewAccessNumber,
  NewBridge,
  RotatedBridge,
} from '../bridges.ts';
import type { Row } from '../rows.ts';
import { bumpAccess, findOperatorTenantId } from './access.ts';
import { findRails } from './admission-reads.ts';
import { findAnswer, keepAnswer } from './idempotency.ts';
import { append, insert, lock, query, type Script, update } from './script.ts';

/** What all tenants share is the operator's, whose first tenant's journal has it. */
function* journalOf(tenantId: TenantId | null | undefined): Script<TenantId> {
  if (tenantId != null) return tenantId;
  return (yield* findOperatorTenantId()) as TenantId;
}

export function* createBridge({ at, origin, secretNames, keyed, ...bridge }: NewBridge): Script<MadeBridge> {
  yield* bumpAccess();
  const answered = keyed && (yield* findAnswer(keyed));
  if (answered !== undefined) return answered;
  const { tenantId = null, name, dialect, settings } = bridge;
  const [made] = yield* insert(
    'bridges',
    {
      tenant_id: tenantId,
      name,
      dialect,
      token_hash: bridge.tokenHash,
      hint: bridge.hint,
      secrets_sealed: bridge.secretsSealed ?? null,
      settings: JSON.stringify(settings),
      created_at: at,
    },
    'on conflict (coalesce(tenant_id, 0), name) do nothing returning bridge_id',
  );
  if (made === undefined) return { kind: 'taken' };
  if (keyed !== undefined) yield* keepAnswer(keyed);
  const bridgeId = made.bridge_id as number;
  const data = { bridgeId, name, dialect, isShared: tenantId === null, settings: Object.keys(settings), secrets: secretNames };
  yield* append({ tenantId: yield* journalOf(tenantId), at, origin }, [administrationEntry('bridge.created', data)]);
  return { kind: 'made', bridgeId };
}

/** Undefined, and nothing is written, where it is not as it was read any more. */
export function* updateBridge({ bridge, settings, secretsSealed, changed, at, origin }: BridgeUpdate): Script<BridgeRecord | undefined> {
  const { bridgeId, name } = bridge;
  yield* bumpAccess();
  const [row] = yield* query(`${RECORD} where bridge_id = $1 and revoked_at is null {for update}`, bridgeId);
  if (row === undefined || !isUnchanged(readBridge(row), bridge)) return undefined;
  yield* update('bridges', { settings: JSON.stringify(settings), secrets_sealed: secretsSealed ?? null }, 'bridge_id = $1', bridgeId);
  yield* append({ tenantId: yield* journalOf(bridge.tenantId), at, origin }, [
    administrationEntry('bridge.updated', { bridgeId, name, ...changed }),
  ]);
  return { ...bridge, settings, secretsSealed };
}

function isUnchanged(now: BridgeRecord, then: BridgeRecord): boolean {
  const [a, b] = [now, then].map(({ settings, secretsSealed = [] }) => JSON.stringify([settings, [...secretsSealed]]));
  return a === b;
}

export function* rotateBridgeCredential({ bridgeId, keyed, tokenHash, hint, at, origin }: BridgeRotation): Script<RotatedBridge> {
  yield* bumpAccess();
  const answered = keyed && (yield* findAnswer(keyed));
  if (answered !== undefined) return answered;
  const [bridge] = yield* query('select tenant_id, name from bridges where bridge_id = $1 and revoked_at is null {for update}', bridgeId);
  if (bridge === undefined) return { kind: 'not-found' };
  yield* update('bridges', { token_hash: tokenHash, hint }, 'bridge_id = $1', bridgeId);
  if (keyed !== undefined) yield* keepAnswer(keyed);
  yield* append({ tenantId: yield* journalOf(bridge.tenant_id as TenantId | null), at, origin }, [
    administrationEntry('bridge.credential_rotated', { bridgeId, name: bridge.name }),
  ]);
  return { kind: 'rotated' };
}

export function* revokeBridge({ bridgeId, keepsSecrets, at, origin }: BridgeRevocation): Script<boolean> {
  yield* bumpAccess();
  const [bridge] = yield* query('select tenant_id, name, revoked_at from bridges where bridge_id = $1 {for update}', bridgeId);
  if (bridge === undefined) return false;
  if (bridge.revoked_at !== null) return true;
  yield* query('update bridges set revoked_at = $2 where bridge_id = $1', bridgeId, at);
  if (!keepsSecrets) yield* forgetSecrets(bridgeId);
  yield* append({ tenantId: yield* journalOf(bridge.tenant_id as TenantId | null), at, origin }, [
    administrationEntry('bridge.revoked', { bridgeId, name: bridge.name }),
  ]);
  return true;
}

export function* forgetSecrets(bridgeId: number): Script<void> {
  yield* query('update bridges set secrets_sealed = null where bridge_id = $1 and revoked_at is not null', bridgeId);
}

/** This tenant's, or all. */
export function* listBridges(tenantId?: TenantId): Script<BridgeSummary[]> {
  const rows = yield* query(
    `select b.bridge_id, b.tenant_id, b.name, b.dialect, b.hint, b.settings, b.secrets_sealed, b.created_at, b.revoked_at, t.name as tenant_name
     from bridges b left join tenants t on t.tenant_id = b.tenant_id where $1 = 0 or b.tenant_id = $1 order by b.bridge_id`,
    tenantId ?? 0,
  );
  return rows.map((row) => ({
    bridgeId: row.bridge_id as number,
    name: row.name as string,
    dialect: row.dialect as string,
    tenantId: (row.tenant_id as TenantId | null) ?? undefined,
    secretsSealed: (row.secrets_sealed as Uint8Array | null) ?? undefined,
    tenantName: (row.tenant_name as string | null) ?? undefined,
    hint: row.hint as string,
    settings: JSON.parse(row.settings as string),
    createdAt: row.created_at as number,
    revokedAt: (row.revoked_at as number | null) ?? undefined,
  }));
}

const RECORD = `select bridge_id, name, dialect, token_hash, tenant_id, secrets_sealed, settings, revoked_at, reported_at,
  (select min(tenant_id) from tenants) as operator_tenant_id from bridges`;

export function* findBridge(tokenHash: Uint8Array): Script<BridgeRecord | undefined> {
  const [row] = yield* query(`${RECORD} where token_hash = $1`, tokenHash);
  return row && readBridge(row);
}

export function* findBridgeById(bridgeId: number): Script<BridgeRecord | undefined> {
  const [row] = yield* query(`${RECORD} where bridge_id = $1`, bridgeId);
  return row && readBridge(row);
}

export function* listBridgesOf(dialect: DialectName): Script<BridgeRecord[]> {
  const rows = yield* query(
    `${RECORD} where dialect = $1 and (revoked_at is null or secrets_sealed is not null) order by bridge_id`,
    dialect,
  );
  return rows.map(readBridge);
}

function readBridge(row: Row): BridgeRecord {
  return {
    bridgeId: row.bridge_id as number,
    name: row.name as string,
    dialect: row.dialect as string,
    tokenHash: row.token_hash as Uint8Array,
    tenantId: (row.tenant_id as TenantId | null) ?? undefined,
    operatorTenantId: row.operator_tenant_id as TenantId,
    secretsSealed: (row.secrets_sealed as Uint8Array | null) ?? undefined,
    settings: JSON.parse(row.settings as string),
    revokedAt: (row.revoked_at as number | null) ?? undefined,
    reportsJoins: row.reported_at !== null,
  };
}

/** A repeat is unchanged; one that is somebody else's stays so. */
export function* addAccessNumber({ number, tenantId, at, origin }: NewAccessNumber): Script<'added' | 'unchanged' | 'taken'> {
  const owner = tenantId ?? null;
  const added = yield* insert(
    'access_numbers',
    { number, tenant_id: owner, created_at: at },
    'on conflict (number) do nothing returning 1 as added',
  );
  if (added.length === 0) {
    const [known] = yield* query('select tenant_id from access_numbers where number = $1', number);
    return known?.tenant_id === owner ? 'unchanged' : 'taken';
  }
  yield* append({ tenantId: yield* journalOf(owner), at, origin }, [
    administrationEntry('access_number.added', { number, isShared: owner === null }),
  ]);
  return 'added';
}

export function* removeAccessNumber({ number, at, origin }: { number: string; at: number; origin: Origin }): Script<boolean> {
  const [removed] = yield* query('delete from access_numbers where number = $1 returning tenant_id', number);
  if (removed === undefined) return false;
  yield* append({ tenantId: yield* journalOf(removed.tenant_id as TenantId | null), at, origin }, [
    administrationEntry('access_number.removed', { number }),
  ]);
  return true;
}

export function* listAccessNumbers(): Script<AccessNumber[]> {
  const rows = yield* query(
    `select n.number, n.tenant_id, n.created_at, t.name as tenant_name from access_numbers n left join tenants t on t.tenant_id = n.tenant_id order by n.number`,
  );
  return rows.map((row) => ({
    number: row.number as string,
    tenantId: (row.tenant_id as TenantId | null) ?? undefined,
    tenantName: (row.tenant_name as string | null) ?? undefined,
    createdAt: row.created_at as number,
  }));
}

/** Undefined where there is no such company. What is not named stays; where nothing changes nothing is written. */
export function* setRails({ tenantId, companyId, rails, at, origin }: RailsChange): Script<Rails | undefined> {
  yield* lock(`rails/${tenantId}/${companyId}`);
  const before = yield* findRails({ tenantId, companyId });
  if (before === undefined) return undefined;
  const after: Rails = { ...before, ...rails };
  const changed = (Object.keys(after) as (keyof Rails)[]).filter((name) => String(before[name]) !== String(after[name]));
  if (changed.length === 0) return before;
  yield* insert(
    'company_rails',
    {
      tenant_id: tenantId,
      company_id: companyId,
      allowed_caller_countries: after.allowedCallerCountries?.join(',') ?? null,
      moderator_required: Number(after.moderatorRequired),
      max_participants: after.maxParticipants ?? null,
      max_duration_seconds: after.maxDurationSeconds ?? null,
      updated_at: at,
    },
    `on conflict (tenant_id, company_id) do update set allowed_caller_countries = excluded.allowed_caller_countries,
       moderator_required = excluded.moderator_required, max_participants = excluded.max_participants,
       max_duration_seconds = excluded.max_duration_seconds, updated_at = excluded.updated_at`,
  );
  const details = differences(before, after, changed);
  yield* append({ tenantId, at, origin, companyId }, [
    { type: 'company.admission_changed', subject: 'company', data: { changed }, details },
  ]);
  return after;
}
