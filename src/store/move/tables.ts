import { ADMISSION_TABLES } from './admission-tables.ts';
import type { MovedTable } from './moved-table.ts';
import { WEBHOOK_TABLES } from './webhook-tables.ts';

/** What refers to another comes after it. */
export const MOVED_TABLES: readonly MovedTable[] = [
  {
    name: 'tenants',
    key: ['tenant_id'],
    columns: ['tenant_id', 'name', 'on_difference', 'password_disclosure', 'is_sandbox', 'created_at'],
    issuesIds: true,
  },
  {
    name: 'tokens',
    key: ['token_id'],
    columns: ['token_id', 'tenant_id', 'name', 'token_hash', 'hint', 'scopes', 'created_at', 'expires_at', 'revoked_at', 'last_used_at'],
    issuesIds: true,
  },
  {
    name: 'companies',
    key: ['company_id'],
    columns: [
      'company_id',
      'tenant_id',
      'external_id',
      'enterprise_id',
      'name',
      'name_key',
      'is_global_meet_enabled',
      'is_web_conf_enabled',
      'created_at',
      'updated_at',
    ],
    isRevised: true,
    issuesIds: true,
  },
  {
    name: 'hubs',
    key: ['hub_id'],
    columns: ['hub_id', 'tenant_id', 'company_id', 'hub_url'],
    source: 'hubs left join companies using (company_id)',
    issuesIds: true,
  },
  {
    name: 'clients',
    key: ['client_id'],
    columns: [
      'client_id',
      'tenant_id',
      'external_id',
      'company_id',
      'status',
      'first',
      'last',
      'email',
      'address',
      'city',
      'state',
      'country',
      'postal_code',
      'email_key',
      'name_key',
      'source_version',
      'password_sealed',
      'password_digest',
      'password_set_at',
      'terminate_at',
      'terminate_reason',
      'created_at',
      'updated_at',
    ],
    isRevised: true,
    issuesIds: true,
  },
  {
    name: 'reservations',
    key: ['reservation_id'],
    columns: ['reservation_id', 'tenant_id', 'client_id', 'moderator_pass_code_sealed', 'participant_pass_code_sealed'],
    source: 'reservations left join clients using (client_id)',
    issuesIds: true,
  },
  {
    name: 'pass_codes',
    key: ['code_index'],
    columns: ['code_index', 'tenant_id', 'reservation_id', 'role', 'valid_until'],
    source: 'pass_codes left join reservations using (reservation_id) left join clients using (client_id)',
  },
  {
    name: 'journal',
    key: ['tenant_id', 'seq'],
    columns: [
      'tenant_id',
      'seq',
      'type',
      'at',
      'actor',
      'request_id',
      'client_id',
      'company_id',
      'data',
      'details',
      'salt',
      'digest',
      'hash',
    ],
  },
  { name: 'journal_heads', key: ['tenant_id'], columns: ['tenant_id', 'seq', 'hash'] },
  {
    name: 'idempotency_keys',
    key: ['tenant_id', 'key'],
    columns: ['tenant_id', 'key', 'fingerprint', 'answer_sealed', 'created_at'],
  },
  { name: 'sign_ons', key: ['digest'], columns: ['digest', 'expires_at'] },
  {
    name: 'operations',
    key: ['operation_id'],
    issuesIds: true,
    columns: [
      'operation_id',
      'tenant_id',
      'external_id',
      'request_sealed',
      'request_digest',
      'request_revision',
      'request_actor',
      'request_request_id',
      'status_wanted',
      'status_client_id',
      'status_reason',
      'status_revision',
      'status_actor',
      'status_request_id',
      'epoch',
      'lease_until',
      'calling',
      'called_at',
      'unsettled',
      'attempts',
      'next_at',
      'parked',
      'last_error',
      'created_at',
      'stuck_at',
    ],
  },
  {
    name: 'orphans',
    key: ['orphan_id'],
    columns: ['orphan_id', 'tenant_id', 'external_id', 'vendor_client_id', 'found_at'],
    issuesIds: true,
  },
  ...WEBHOOK_TABLES,
  ...ADMISSION_TABLES,
  {
    name: 'engine_rooms',
    key: ['room_number'],
    columns: [
      'room_number',
      'engine',
      'tenant_id',
      'client_id',
      'reservation_id',
      'keys_sealed',
      'has_video',
      'state',
      'revision',
      'applied_revision',
      'applied_epoch',
      'attempts',
      'next_at',
      'last_error',
      'keyed_at',
      'admitted_at',
      'closed_at',
    ],
  },
  { name: 'wrapped_keys', key: ['purpose'], columns: ['purpose', 'wrapped'] },
  { name: 'revisions', key: ['name'], columns: ['name', 'revision'], isPresent: true },
];

/** Bounds memory, and how long one statement takes. */
export const BATCH_ROWS = 4_000;

export type MovedValue = string | number | null;
/** The same on both sides, whatever an engine makes of bytes and booleans. */
export type MovedRow = Record<string, MovedValue>;

/** Bytes in PostgreSQL's hex format, booleans as 0 and 1. */
export function readMovedRow(row: Readonly<Record<string, unknown>>): MovedRow {
  const moved: MovedRow = {};
  for (const [column, value] of Object.entries(row)) moved[column] = readMovedValue(value);
  return moved;
}

function readMovedValue(value: unknown): MovedValue {
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  return typeof value === 'boolean' ? Number(value) : (value as MovedValue);
}
