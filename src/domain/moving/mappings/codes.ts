import { type Mapping, NO_MAPPING } from '../mapping.ts';

/** A plain list without headings: a name, the moderator's code, the participants' code. The id is worked out of the moderator's code, which is never given twice. */
export const codes: Mapping = {
  ...NO_MAPPING,
  columns: { 'client.name': 'name', moderatorPassCode: 'moderatorPassCode', participantPassCode: 'participantPassCode' },
  derived: { 'client.externalId': 'moderatorPassCode' },
  headings: ['name', 'moderatorPassCode', 'participantPassCode'],
  guesses: false,
};
