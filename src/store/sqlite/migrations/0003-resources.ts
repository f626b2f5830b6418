/** What clients and companies are looked for by. search_key() and person_key() are the domain's, known to the connection that migrates. */
export const resources = `
alter table companies add column name_key text not null default '';
alter table clients add column email_key text not null default '';
alter table clients add column name_key text not null default '';
update companies set name_key = search_key(name);
update clients set email_key = search_key(email), name_key = person_key(first, last);

create index companies_of_tenant on companies (tenant_id, company_id);
create index companies_name on companies (tenant_id, name_key, company_id);
create index clients_of_tenant on clients (tenant_id, client_id);
create index clients_company on clients (tenant_id, company_id, client_id);
create index clients_email on clients (tenant_id, email_key, client_id);
create index clients_name on clients (tenant_id, name_key, client_id);
create index clients_updated on clients (tenant_id, updated_at, client_id);
create index clients_not_active on clients (tenant_id, status, client_id) where status <> 'active';
`;
