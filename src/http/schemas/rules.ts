import { DIALECT_NAMES } from '../../domain/bridge.ts';
import { findCountry, findMissingStateProblem, listMeant, suggestCountries } from '../../domain/country.ts';
import { ON_DIFFERENCE, PASSWORD_DISCLOSURES, SCOPES } from '../../domain/caller.ts';
import { findEmailProblem } from '../../domain/email.ts';
import type { FieldCode } from '../../domain/errors.ts';
import { readPositiveId } from '../../domain/ids.ts';
import { readEventId } from '../../domain/event.ts';
import { EVENT_TYPES } from '../../domain/journal.ts';
import { findEventTypeProblem, findUrlProblem, MAX_OVERLAP_SECONDS } from '../../domain/webhook.ts';
import { findPasswordProblem } from '../../domain/password.ts';
import { findBothBlankProblem } from '../../domain/person.ts';
import { findOptionalTextProblem, findTextProblem, readTime } from '../../domain/text.ts';

export interface RuleProblem {
  code: FieldCode;
  message: string;
  /** Set where an object's rule blames some of its members. */
  members?: readonly string[];
}

export interface Rule {
  /** What to send, for a value of a wrong type. */
  expects: string;
  /** Called with values of the schema's types only. */
  find: (value: never) => RuleProblem | undefined;
}

const TIME_EXPECTED = 'must be a time such as 2026-01-31T12:00:00Z, or a day such as 2026-01-31';
const OVERLAP_EXPECTED = 'must be a whole number of minutes from 0 to 43200';
const SECRET_OVERLAP_EXPECTED = `must be a whole number of seconds from 0 to ${MAX_OVERLAP_SECONDS}`;
const EVENT_TYPE_EXPECTED = `must be one of ${EVENT_TYPES.join(', ')}`;
const EVENT_ID_EXPECTED = 'must be the id of an event, such as evt_120';
const COUNTRIES_EXPECTED = 'must be a list of ISO 3166-1 alpha-2 codes in capitals, such as ["CA", "US"], or null';
const PARTICIPANTS_EXPECTED = 'must be a whole number from 1 to 10000, or null';
const DURATION_EXPECTED = 'must be a whole number of seconds from 60 to 86400, or null';
const SCOPES_EXPECTED = `must be a list of scopes: ${SCOPES.join(', ')}`;
const ID_EXPECTED = 'must be a whole number from 1 to 9007199254740991';

function invalid(message: string | undefined): RuleProblem | undefined {
  return message === undefined ? undefined : { code: 'FIELD_INVALID', message };
}

/** The domain's rules under the names by which schemas refer to them (`x-rule`). */
export const RULES = {
  id: {
    expects: ID_EXPECTED,
    find: (value: unknown) => invalid(readPositiveId(value) === undefined ? ID_EXPECTED : undefined),
  },
  text: { expects: 'must be a text', find: (value: string) => invalid(findTextProblem(value)) },
  optionalText: {
    expects: 'must be a text, or null',
    find: (value: string | null) => invalid(value === null ? undefined : findOptionalTextProblem(value)),
  },
  /** One of a person's two names may be blank; which is for `client` to say. */
  personName: { expects: 'must be a text', find: (value: string) => invalid(findOptionalTextProblem(value)) },
  client: { expects: 'must be an object', find: findClientProblem },
  flag: { expects: 'must be true or false', find: () => undefined },
  email: {
    expects: 'must be an e-mail address, such as me@example.com',
    find: (value: string) => {
      const message = findEmailProblem(value);
      return message === undefined ? undefined : { code: 'EMAIL_INVALID', message };
    },
  },
  password: {
    expects: 'must be a text, or "" to have one generated',
    find: (value: string | null) => {
      const message = value ? findPasswordProblem(value) : undefined;
      return message === undefined ? undefined : { code: 'PASSWORD_UNACCEPTABLE', message };
    },
  },
  country: { expects: 'must be a country: a name, such as Germany, or an ISO 3166-1 code', find: findCountryProblem },
  contact: { expects: 'must be an object', find: findContactProblem },
  time: {
    expects: TIME_EXPECTED,
    find: (value: string | null) => invalid(value === null || readTime(value) !== undefined ? undefined : TIME_EXPECTED),
  },
  overlap: {
    expects: OVERLAP_EXPECTED,
    find: (value: number | null) => invalid(value === null || (value >= 0 && value <= 43_200) ? undefined : OVERLAP_EXPECTED),
  },
  secretOverlap: {
    expects: SECRET_OVERLAP_EXPECTED,
    find: (value: number | null) =>
      invalid(value === null || (value >= 0 && value <= MAX_OVERLAP_SECONDS) ? undefined : SECRET_OVERLAP_EXPECTED),
  },
  webhookUrl: {
    expects: 'must be a URL, such as https://billing.example.com/parley',
    find: (value: string) => invalid(findUrlProblem(value)),
  },
  eventType: { expects: EVENT_TYPE_EXPECTED, find: (value: string) => invalid(findEventTypeProblem(value)) },
  eventTypes: {
    expects: 'must be a list of event types, or null',
    find: (value: readonly unknown[] | null) => invalid(value?.length === 0 ? 'must not be empty: leave it out to get all' : undefined),
  },
  eventId: {
    expects: EVENT_ID_EXPECTED,
    find: (value: string | null) => invalid(value === null || readEventId(value) !== undefined ? undefined : EVENT_ID_EXPECTED),
  },
  countryCodes: {
    expects: COUNTRIES_EXPECTED,
    find: (value: unknown[] | null) => invalid(value === null || areCountryCodes(value) ? undefined : COUNTRIES_EXPECTED),
  },
  participants: {
    expects: PARTICIPANTS_EXPECTED,
    find: (value: number | null) => invalid(value === null || (value >= 1 && value <= 10_000) ? undefined : PARTICIPANTS_EXPECTED),
  },
  durationSeconds: {
    expects: DURATION_EXPECTED,
    find: (value: number | null) => invalid(value === null || (value >= 60 && value <= 86_400) ? undefined : DURATION_EXPECTED),
  },
  scopes: {
    expects: SCOPES_EXPECTED,
    find: (value: readonly unknown[]) => invalid(value.length === 0 ? SCOPES_EXPECTED : undefined),
  },
  scope: oneOf(SCOPES),
  dialect: oneOf(DIALECT_NAMES),
  onDifference: oneOf(ON_DIFFERENCE),
  passwordDisclosure: oneOf(PASSWORD_DISCLOSURES),
  texts: { expects: 'must be an object whose members are texts', find: () => undefined },
  value: { expects: 'must be a text', find: () => undefined },
  object: { expects: 'must be an object', find: () => undefined },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;

function oneOf(values: readonly string[]): Rule {
  const expects = `must be one of ${values.join(', ')}`;
  return { expects, find: (value: string) => invalid(values.includes(value) ? undefined : expects) };
}

function areCountryCodes(value: unknown[]): boolean {
  return value.length > 0 && value.length <= 250 && value.every((code) => typeof code === 'string' && findCountry(code) === code);
}

function findCountryProblem(value: string): RuleProblem | undefined {
  const textProblem = findTextProblem(value);
  if (textProblem !== undefined) return { code: 'FIELD_INVALID', message: textProblem };
  if (findCountry(value) !== undefined) return undefined;
  const meant = listMeant(value);
  if (meant.length > 0) return { code: 'COUNTRY_UNKNOWN', message: `means several countries; send ${quote(meant)}` };
  const suggestions = suggestCountries(value);
  const hint = suggestions.length === 0 ? 'send a name, such as Germany, or an ISO 3166-1 code' : `did you mean ${quote(suggestions)}?`;
  return { code: 'COUNTRY_UNKNOWN', message: `is not a country we know; ${hint}` };
}

function quote(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(' or ');
}

function findClientProblem({ first, last }: { first?: unknown; last?: unknown }): RuleProblem | undefined {
  const message = typeof first === 'string' && typeof last === 'string' ? findBothBlankProblem(first, last) : undefined;
  return message === undefined ? undefined : { code: 'FIELD_INVALID', members: ['first', 'last'], message };
}

/** C8: "contact.state - cannot be null for USA customers." */
function findContactProblem(contact: { country?: unknown; state?: unknown }): RuleProblem | undefined {
  const country = typeof contact.country === 'string' ? findCountry(contact.country) : undefined;
  const isBlank = contact.state == null || (typeof contact.state === 'string' && contact.state.trim() === '');
  const message = country !== undefined && isBlank ? findMissingStateProblem(country) : undefined;
  return message === undefined ? undefined : { code: 'STATE_REQUIRED', members: ['state'], message };
}
