/** A call's open legs are found by the call. Each tenant names its bridges for itself. SQLite takes a rule from a table only by making the table anew; what refers to it stays, as foreign keys are not enforced meanwhile. */
export const bridges = `
create table new_bridges (
  bridge_id integer primary key autoincrement,
  tenant_id integer references tenants,
  name text not null,
  dialect text not null,
  token_hash blob not null constraint bridges_token_unique unique,
  hint text not null,
  secrets_sealed blob,
  settings text not null,
  created_at integer not null,
  revoked_at integer,
  reported_at integer
) strict;
insert into new_bridges (bridge_id, tenant_id, name, dialect, token_hash, hint, secrets_sealed, settings, created_at, revoked_at, reported_at)
  select bridge_id, tenant_id, name, dialect, token_hash, hint, secrets_sealed, settings, created_at, revoked_at, reported_at from bridges;
drop table bridges;
alter table new_bridges rename to bridges;
create unique index bridges_name on bridges (coalesce(tenant_id, 0), name);
create index legs_call on legs (bridge_id, call_id) where left_at is null;
`;
