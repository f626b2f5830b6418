import { groupFunctions } from './0003-group-functions.ts';

/** The twin of SQLite's third migration. Keys are compared byte by byte, whatever the database's collation. */
export const resources = `
alter table companies add column name_key text collate "C" not null default '';
alter table clients add column email_key text collate "C" not null default '';
alter table clients add column name_key text collate "C" not null default '';

create index companies_name on companies (tenant_id, name_key, company_id);
create index clients_company on clients (tenant_id, company_id, client_id);
create index clients_email on clients (tenant_id, email_key, client_id);
create index clients_name on clients (tenant_id, name_key, client_id);
create index clients_updated on clients (tenant_id, updated_at, client_id);
create index clients_not_active on clients (tenant_id, status, client_id) where status <> 'active';
${groupFunctions}`;
