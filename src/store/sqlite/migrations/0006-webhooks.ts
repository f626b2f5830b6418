/** Where tenants want their events sent, what is yet to be sent there, and what became of what was. */
export const webhooks = `
create table webhooks (
  endpoint_id integer not null primary key,
  tenant_id integer not null references tenants,
  url text not null,
  types text,
  description text,
  state text not null check (state in ('enabled', 'disabled', 'deleted')),
  disabled_reason text check (disabled_reason in ('caller', 'gone', 'failing')),
  disabled_at integer,
  failing_since integer,
  secret_sealed blob not null,
  previous_secret_sealed blob,
  previous_until integer,
  read_to integer not null,
  created_at integer not null,
  updated_at integer not null
) strict;

create index webhooks_tenant on webhooks (tenant_id, created_at);

create table webhook_deliveries (
  delivery_id integer primary key autoincrement,
  endpoint_id integer not null references webhooks,
  tenant_id integer not null,
  seq integer not null,
  client_id integer,
  replay integer not null,
  state text not null check (state in ('pending', 'delivered', 'failed')),
  attempts integer not null,
  next_at integer,
  epoch integer not null,
  lease_until integer not null,
  attempted_at integer,
  status integer,
  error text,
  excerpt text,
  duration_ms integer,
  created_at integer not null,
  settled_at integer
) strict;

create index webhook_deliveries_log on webhook_deliveries (endpoint_id, delivery_id);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, next_at) where next_at is not null;
create index webhook_deliveries_order on webhook_deliveries (endpoint_id, (coalesce(client_id, 0)), delivery_id) where state = 'pending';
create index webhook_deliveries_waiting on webhook_deliveries (created_at) where state = 'pending';
create index webhook_deliveries_settled on webhook_deliveries (settled_at) where settled_at is not null;
create index webhook_deliveries_client on webhook_deliveries (tenant_id, client_id) where client_id is not null;

create table webhook_replays (
  replay_id integer primary key autoincrement,
  endpoint_id integer not null references webhooks,
  read_to integer not null,
  until_seq integer not null,
  since_at integer not null,
  until_at integer not null,
  types text
) strict;

create index webhook_replays_endpoint on webhook_replays (endpoint_id);
`;
