/** How clients end, how their codes change, what was answered to calls that are not repeated by nature, and which sign-on links were used. */
export const ending = `
alter table clients add column terminate_at integer;
alter table clients add column terminate_reason text;
create index clients_ending on clients (terminate_at) where terminate_at is not null;

alter table pass_codes add column valid_until integer;
create index pass_codes_reservation on pass_codes (reservation_id);
create index pass_codes_retired on pass_codes (valid_until) where valid_until is not null;

create table idempotency_keys (
  tenant_id integer not null references tenants,
  key text not null,
  fingerprint blob not null,
  answer_sealed blob not null,
  created_at integer not null,
  primary key (tenant_id, key)
) strict, without rowid;

create index idempotency_keys_age on idempotency_keys (created_at);

create table sign_ons (
  digest blob not null primary key,
  expires_at integer not null
) strict, without rowid;

create index sign_ons_age on sign_ons (expires_at);
`;
