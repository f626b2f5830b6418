/** What moderators decide of a conference that goes on: who may not come in any more. It ends with the room. */
export const roomDoors = `
alter table engine_rooms add column locked_at integer;
alter table engine_rooms add column removed text not null default '[]';
`;
