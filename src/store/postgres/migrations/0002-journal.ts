/**
 * The twin of SQLite's second migration. The head of a tenant's journal is locked from the append to the commit: so numbers are given in the
 * order of commits, and who has read up to one has missed none before it.
 */
export const journal = `
create table journal (
  tenant_id integer not null references tenants,
  seq bigint not null,
  type text not null,
  at bigint not null,
  actor text not null,
  request_id text not null,
  client_id integer,
  company_id integer,
  data text not null,
  details text,
  salt bytea,
  digest bytea,
  hash bytea not null,
  primary key (tenant_id, seq)
);

create index journal_clients on journal (tenant_id, client_id, seq) where client_id is not null;

create table journal_heads (
  tenant_id integer primary key references tenants,
  seq bigint not null,
  hash bytea not null
);
`;
