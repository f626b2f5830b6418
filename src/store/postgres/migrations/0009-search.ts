/** The twin of SQLite's ninth migration. Grams are compared byte by byte. */
export const search = `
create table search_texts (
  tenant_id integer not null,
  client_id integer not null,
  text text not null,
  grams text[] collate "C" not null,
  primary key (tenant_id, client_id),
  foreign key (tenant_id, client_id) references clients
);

create index search_texts_grams on search_texts using gin (grams);

create table search_progress (
  tenant_id integer primary key references tenants,
  read_to bigint not null,
  built_to integer,
  company_id integer,
  company_after integer
);

create index legs_caller on legs (tenant_id, caller_digest, leg_id) where caller_digest is not null;
`;
