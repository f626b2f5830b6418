/** The rooms that an engine should have, and what it is known to have. */
export const engineRooms = `
create table engine_rooms (
  room_number integer not null primary key,
  engine text not null,
  tenant_id integer not null references tenants,
  client_id integer not null,
  reservation_id integer not null,
  keys_sealed blob not null,
  has_video integer not null,
  state text not null check (state in ('wanted', 'closing', 'closed')),
  revision integer not null,
  applied_revision integer,
  applied_epoch text,
  attempts integer not null,
  next_at integer not null,
  last_error text,
  keyed_at integer not null,
  admitted_at integer not null,
  closed_at integer
) strict;

create unique index engine_rooms_wanted on engine_rooms (engine, reservation_id) where state = 'wanted';
create index engine_rooms_client on engine_rooms (tenant_id, client_id);
create index engine_rooms_due on engine_rooms (engine, next_at) where state = 'closing';
create index engine_rooms_closed on engine_rooms (closed_at) where state = 'closed';
`;
