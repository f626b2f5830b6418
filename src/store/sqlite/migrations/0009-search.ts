/**
 * The words that clients are found by, how far they are followed, and whose conferences a caller was in. The grams are without their own text, and without places:
 * what they find is looked at again.
 */
export const search = `
create table search_texts (
  client_id integer primary key references clients,
  text text not null
) strict;

create virtual table search_grams using fts5 (grams, content = '', detail = none, tokenize = 'ascii');
-- What is taken out is gone from the pages at once.
insert into search_grams (search_grams, rank) values ('secure-delete', 1);

create table search_progress (
  tenant_id integer primary key references tenants,
  read_to integer not null,
  built_to integer,
  company_id integer,
  company_after integer
) strict;

create index legs_caller on legs (tenant_id, caller_digest, leg_id) where caller_digest is not null;
`;
