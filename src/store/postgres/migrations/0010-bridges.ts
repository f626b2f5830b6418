/** The twin of SQLite's tenth migration. */
export const bridges = `
alter table bridges drop constraint bridges_name_unique;
create unique index bridges_name on bridges (coalesce(tenant_id, 0), name);
create index legs_call on legs (bridge_id, call_id) where left_at is null;
`;
