/** The twin of SQLite's eleventh migration. */
export const roomDoors = `
alter table engine_rooms add column locked_at bigint;
alter table engine_rooms add column removed text not null default '[]';
`;
