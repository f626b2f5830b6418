/** The twin of SQLite's fourth migration. */
export const ending = `
alter table clients add column terminate_at bigint;
alter table clients add column terminate_reason text;
create index clients_ending on clients (terminate_at) where terminate_at is not null;

alter table pass_codes add column valid_until bigint;
create index pass_codes_reservation on pass_codes (tenant_id, reservation_id);
create index pass_codes_retired on pass_codes (valid_until) where valid_until is not null;

create table idempotency_keys (
  tenant_id integer not null references tenants,
  key text collate "C" not null,
  fingerprint bytea not null,
  answer_sealed bytea not null,
  created_at bigint not null,
  primary key (tenant_id, key)
);

create index idempotency_keys_age on idempotency_keys (created_at);

create table sign_ons (
  digest bytea not null primary key,
  expires_at bigint not null
);

create index sign_ons_age on sign_ons (expires_at);
`;
