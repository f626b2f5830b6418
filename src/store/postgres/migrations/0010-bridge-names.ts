/** The twin of SQLite's tenth migration. */
export const bridgeNames = `
alter table bridges drop constraint bridges_name_unique;
create unique index bridges_name on bridges (coalesce(tenant_id, 0), name);
`;
