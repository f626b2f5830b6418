import { type Mapping, NO_MAPPING } from '../mapping.ts';

/**
 * Rooms of Greenlight 3 with their owners, as PostgreSQL exports them:
 * `\copy (select r.id, r.name as room, r.voice_bridge, u.name, u.email, u.status from rooms r join users u on u.id = r.user_id) to 'rooms.csv' csv header`
 *
 * Greenlight's access codes hold letters, so that no telephone can key them: other codes are drawn. `status` is the place of a word
 * there: 0 active, 1 pending, 2 banned.
 */
export const greenlight: Mapping = {
  ...NO_MAPPING,
  columns: { 'client.name': 'name', 'client.email': 'email', status: 'status' },
  derived: { 'client.externalId': 'id' },
  statuses: { '0': 'active', '1': 'inactive', '2': 'inactive', active: 'active', pending: 'inactive', banned: 'inactive' },
  guesses: false,
};
