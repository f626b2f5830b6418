import { type Static, Type } from 'typebox';
import type { Rails } from '../../../domain/admission.ts';
import type { CompanyId } from '../../../domain/ids.ts';
import { getRails, setRails } from '../../../operations/companies/company-rails.ts';
import { callerOf } from '../../auth.ts';
import { id, readParams } from '../query.ts';
import { defineV1 } from '../route.ts';

const params = { companyId: id<CompanyId>('The companyId that provision gave.') };

const Countries = Type.Unsafe<string[] | null>({
  type: ['array', 'null'],
  'x-rule': 'countryCodes',
  description: 'Where callers may call from, ISO 3166-1 alpha-2. Null: from anywhere. A withheld number is from nowhere.',
  examples: [['CA', 'US']],
});
const ModeratorRequired = Type.Unsafe<boolean>({
  type: 'boolean',
  'x-rule': 'flag',
  description: 'Participants wait until a moderator is in.',
});
const MaxParticipants = Type.Unsafe<number | null>({
  type: ['integer', 'null'],
  'x-rule': 'participants',
  description: 'How many may be in one conference, moderators counted. Null: any number.',
  examples: [25],
});
const MaxDuration = Type.Unsafe<number | null>({
  type: ['integer', 'null'],
  'x-rule': 'durationSeconds',
  description: 'How long one participant may stay. Null: a day.',
  examples: [14400],
});

const RailsJson = Type.Object({
  allowedCallerCountries: Countries,
  moderatorRequired: ModeratorRequired,
  maxParticipants: MaxParticipants,
  maxDurationSeconds: MaxDuration,
});

const RailsBody = Type.Object(
  {
    allowedCallerCountries: Type.Optional(Countries),
    moderatorRequired: Type.Optional(ModeratorRequired),
    maxParticipants: Type.Optional(MaxParticipants),
    maxDurationSeconds: Type.Optional(MaxDuration),
  },
  { 'x-rule': 'object', additionalProperties: false },
);

export const getCompanyAdmissionRoute = defineV1({
  method: 'GET',
  path: '/v1/companies/:companyId/admission',
  operationId: 'getCompanyAdmission',
  tag: 'admission',
  summary: "On which terms a company's callers are let in",
  description: 'Against toll fraud. Nothing is set for a new company.',
  params,
  answer: RailsJson,
  errors: ['COMPANY_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { store }) {
    return toJson(await getRails(store, callerOf(request), readParams(request.params, params).companyId));
  },
});

export const setCompanyAdmissionRoute = defineV1({
  method: 'PATCH',
  path: '/v1/companies/:companyId/admission',
  operationId: 'setCompanyAdmission',
  tag: 'admission',
  summary: "Change on which terms a company's callers are let in",
  description:
    'What is left out stays. Counts from the next call on. Who calls from elsewhere is answered as for an unknown code. Needs the scope `admin`.',
  params,
  body: RailsBody,
  answer: RailsJson,
  errors: ['COMPANY_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { store, now }) {
    const { companyId } = readParams(request.params, params);
    return toJson(await setRails(store, callerOf(request), companyId, fromJson(request.body as Static<typeof RailsBody>), now()));
  },
});

/** What is left out stays left out; null takes a limit away. */
function fromJson(body: Static<typeof RailsBody>): Partial<Rails> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, value ?? undefined]));
}

function toJson({ allowedCallerCountries, moderatorRequired, maxParticipants, maxDurationSeconds }: Rails): object {
  return {
    allowedCallerCountries: allowedCallerCountries ?? null,
    moderatorRequired,
    maxParticipants: maxParticipants ?? null,
    maxDurationSeconds: maxDurationSeconds ?? null,
  };
}
