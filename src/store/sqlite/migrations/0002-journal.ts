/** What happened to each tenant's records, in order and without a gap, each entry chained to the one before it. */
export const journal = `
create table journal (
  tenant_id integer not null references tenants,
  seq integer not null,
  type text not null,
  at integer not null,
  actor text not null,
  request_id text not null,
  client_id integer,
  company_id integer,
  data text not null,
  details text,
  salt blob,
  digest blob,
  hash blob not null,
  primary key (tenant_id, seq)
) strict, without rowid;

create index journal_clients on journal (tenant_id, client_id, seq) where client_id is not null;

create table journal_heads (
  tenant_id integer primary key references tenants,
  seq integer not null,
  hash blob not null
) strict;
`;
