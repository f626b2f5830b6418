/** What is yet to be done at a vendor, and what it has that nobody asked for. */
export const operations = `
alter table tenants add column is_sandbox integer not null default 0;

create table operations (
  operation_id integer primary key autoincrement,
  tenant_id integer not null references tenants,
  external_id integer not null,
  request_sealed blob,
  request_digest blob,
  request_revision integer,
  request_actor text,
  request_request_id text,
  status_wanted text check (status_wanted in ('active', 'inactive', 'terminated', 'erased')),
  status_client_id integer,
  status_reason text,
  status_revision integer,
  status_actor text,
  status_request_id text,
  epoch integer not null,
  lease_until integer not null,
  calling text check (calling in ('provision', 'status', 'sweep')),
  called_at integer not null,
  unsettled integer not null,
  attempts integer not null,
  next_at integer not null,
  parked integer not null,
  last_error text,
  created_at integer not null,
  stuck_at integer,
  constraint operations_client_unique unique (tenant_id, external_id)
) strict;

create index operations_due on operations (next_at) where parked = 0;

create table orphans (
  orphan_id integer primary key autoincrement,
  tenant_id integer not null references tenants,
  external_id integer not null,
  vendor_client_id integer not null,
  found_at integer not null,
  constraint orphans_unique unique (tenant_id, vendor_client_id)
) strict;
`;
