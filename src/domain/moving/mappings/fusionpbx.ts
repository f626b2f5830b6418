import { type Mapping, NO_MAPPING } from '../mapping.ts';

/**
 * Conference rooms of FusionPBX's conference centers, as PostgreSQL exports them:
 * `\copy v_conference_rooms to 'rooms.csv' csv header`
 */
export const fusionpbx: Mapping = {
  ...NO_MAPPING,
  columns: {
    'client.name': 'conference_room_name',
    'client.email': 'email',
    moderatorPassCode: 'moderator_pin',
    participantPassCode: 'participant_pin',
    status: 'enabled',
  },
  derived: { 'client.externalId': 'conference_room_uuid', 'company.externalId': 'domain_uuid' },
  guesses: false,
};
