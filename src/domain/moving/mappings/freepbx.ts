import { type Mapping, NO_MAPPING } from '../mapping.ts';

/**
 * Conferences of FreePBX, as MariaDB exports them:
 * `mysql --batch asterisk -e 'select exten, description, userpin, adminpin, options, users from meetme' > conferences.tsv`
 */
export const freepbx: Mapping = {
  ...NO_MAPPING,
  columns: {
    'client.externalId': 'exten',
    'client.name': 'description',
    moderatorPassCode: 'adminpin',
    participantPassCode: 'userpin',
  },
  guesses: false,
};
