/** Who may ask whose pass code this is, what was guessed, and who was in a conference. */
export const admission = `
create table bridges (
  bridge_id integer primary key autoincrement,
  tenant_id integer references tenants,
  name text not null constraint bridges_name_unique unique,
  dialect text not null,
  token_hash blob not null constraint bridges_token_unique unique,
  hint text not null,
  secrets_sealed blob,
  settings text not null,
  created_at integer not null,
  revoked_at integer,
  reported_at integer
) strict;

create table access_numbers (
  number text not null primary key,
  tenant_id integer references tenants,
  created_at integer not null
) strict, without rowid;

create table company_rails (
  tenant_id integer not null,
  company_id integer not null,
  allowed_caller_countries text,
  moderator_required integer not null,
  max_participants integer,
  max_duration_seconds integer,
  updated_at integer not null,
  primary key (tenant_id, company_id),
  foreign key (tenant_id, company_id) references companies (tenant_id, company_id)
) strict, without rowid;

create table guess_buckets (
  bucket blob not null primary key,
  empty_at integer not null,
  strikes integer not null,
  blocked_until integer not null,
  alarmed_at integer not null
) strict, without rowid;

create index guess_buckets_age on guess_buckets (empty_at);

create table call_tries (
  call_key text not null primary key,
  tries integer not null,
  tried_at integer not null
) strict, without rowid;

create index call_tries_age on call_tries (tried_at);

create table caller_pairs (
  pair blob not null primary key,
  reservation_id integer,
  admitted_at integer,
  tried_at integer,
  forget_at integer not null
) strict, without rowid;

create index caller_pairs_age on caller_pairs (forget_at);
create index caller_pairs_reservation on caller_pairs (reservation_id) where reservation_id is not null;

create table legs (
  leg_id integer primary key autoincrement,
  leg_key text not null constraint legs_key_unique unique,
  tenant_id integer not null references tenants,
  client_id integer not null,
  company_id integer not null,
  conference text not null,
  role text not null check (role in ('moderator', 'participant')),
  bridge_id integer references bridges,
  access_number text,
  call_id text,
  caller_digest blob,
  caller_masked text,
  admitted_at integer not null,
  joined_at integer,
  left_at integer,
  expires_at integer not null,
  ended_by text check (ended_by in ('report', 'expiry', 'ejection'))
) strict;

create index legs_of_tenant on legs (tenant_id, leg_id);
create index legs_client on legs (tenant_id, client_id, leg_id);
create index legs_company on legs (tenant_id, company_id, leg_id);
create index legs_live on legs (tenant_id, conference, expires_at) where left_at is null;
create index legs_expiring on legs (expires_at) where left_at is null;
`;
