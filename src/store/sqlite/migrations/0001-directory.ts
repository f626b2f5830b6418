import { FIRST_CLIENT_ID, FIRST_COMPANY_ID, FIRST_HUB_ID } from '../../../domain/ids.ts';

/** Times are milliseconds since 1970. AUTOINCREMENT: an id is never used again, whatever is deleted. */
export const directory = `
create table tenants (
  tenant_id integer primary key autoincrement,
  name text not null constraint tenants_name_unique unique,
  on_difference text not null check (on_difference in ('update', 'keep', 'reject')),
  password_disclosure text not null check (password_disclosure in ('always', 'window', 'never')),
  created_at integer not null
) strict;

create table tokens (
  token_id integer primary key autoincrement,
  tenant_id integer not null references tenants,
  name text not null,
  token_hash blob not null constraint tokens_hash_unique unique,
  hint text not null,
  scopes text not null,
  created_at integer not null,
  expires_at integer,
  revoked_at integer,
  last_used_at integer
) strict;

create table companies (
  company_id integer primary key autoincrement,
  tenant_id integer not null references tenants,
  external_id integer not null,
  enterprise_id integer not null,
  name text not null,
  is_global_meet_enabled integer not null,
  is_web_conf_enabled integer not null,
  created_at integer not null,
  updated_at integer not null,
  constraint companies_external_id_unique unique (tenant_id, external_id),
  unique (tenant_id, company_id)
) strict;

create table hubs (
  hub_id integer primary key autoincrement,
  company_id integer not null constraint hubs_company_unique unique references companies,
  hub_url text not null constraint hubs_url_unique unique
) strict;

create table clients (
  client_id integer primary key autoincrement,
  tenant_id integer not null references tenants,
  external_id integer not null,
  company_id integer not null,
  status text not null check (status in ('active', 'inactive', 'terminated', 'erased')),
  first text not null,
  last text not null,
  email text not null,
  address text,
  city text,
  state text,
  country text not null,
  postal_code text,
  source_version integer,
  password_sealed blob not null,
  password_digest blob not null,
  password_set_at integer not null,
  created_at integer not null,
  updated_at integer not null,
  constraint clients_external_id_unique unique (tenant_id, external_id),
  foreign key (tenant_id, company_id) references companies (tenant_id, company_id)
) strict;

create table reservations (
  reservation_id integer primary key autoincrement,
  client_id integer not null constraint reservations_client_unique unique references clients,
  moderator_pass_code_sealed blob not null,
  participant_pass_code_sealed blob not null
) strict;

create table pass_codes (
  code_index blob not null constraint pass_codes_distinct primary key,
  reservation_id integer not null references reservations,
  role text not null check (role in ('moderator', 'participant'))
) strict, without rowid;

create table wrapped_keys (
  purpose text not null primary key check (purpose in ('data', 'index')),
  wrapped blob not null
) strict;

create table revisions (
  name text not null primary key,
  revision integer not null
) strict;

insert into revisions (name, revision) values ('access', 0);
insert into sqlite_sequence (name, seq) values
  ('companies', ${FIRST_COMPANY_ID - 1}), ('hubs', ${FIRST_HUB_ID - 1}), ('clients', ${FIRST_CLIENT_ID - 1});
`;
