import { Type } from 'typebox';
import type { ClientStatus } from '../../domain/client.ts';
import type { ClientRecord, CompanyRecord } from '../../store/records.ts';

export const CLIENT_STATUSES = ['active', 'inactive', 'terminated', 'erased'] as const satisfies readonly ClientStatus[];

const Time = Type.String({ format: 'date-time', examples: ['2026-01-31T12:00:00.000Z'] });
const Hub = Type.Object({
  hubId: Type.Integer({ examples: [100000] }),
  hubUrl: Type.String({ examples: ['company-name.parley.localhost'] }),
});
const NullableText = Type.Unsafe<string | null>({ type: ['string', 'null'] });
const companyIds = {
  companyId: Type.Integer({ examples: [100000] }),
  externalId: Type.Integer({ description: "The caller's own id.", examples: [50] }),
  enterpriseId: Type.Integer({ examples: [799] }),
  name: Type.String({ examples: ['Company Name'] }),
};

export const ClientJson = Type.Object({
  clientId: Type.Integer({ examples: [10000000] }),
  externalId: Type.Integer({ description: "The caller's own id.", examples: [100] }),
  status: Type.Unsafe<string>({ type: 'string', enum: CLIENT_STATUSES }),
  first: Type.String(),
  last: Type.String(),
  email: Type.String(),
  contact: Type.Object({
    address: NullableText,
    city: NullableText,
    state: NullableText,
    country: Type.String({ description: 'ISO 3166-1 alpha-2.', examples: ['CA'] }),
    postalCode: NullableText,
  }),
  sourceVersion: Type.Unsafe<number | null>({ type: ['integer', 'null'], description: 'The `X-Source-Version` on record.' }),
  company: Type.Object(companyIds),
  hub: Hub,
  terminateAt: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'When it will be ended, where that was asked for.' }),
  createdAt: Time,
  updatedAt: Time,
});

export const CompanyJson = Type.Object({
  ...companyIds,
  isGlobalMeetEnabled: Type.Boolean(),
  isWebConfEnabled: Type.Boolean(),
  hub: Hub,
  createdAt: Time,
  updatedAt: Time,
});

export const Next = Type.Unsafe<number | null>({
  type: ['integer', 'null'],
  description: 'For `after`, to get the next page. Null where this was the last.',
});

export function toClient({ createdAt, updatedAt, terminateAt, sourceVersion, ...record }: ClientRecord): object {
  const ending = terminateAt === undefined ? null : toTime(terminateAt);
  return {
    ...record,
    sourceVersion: sourceVersion ?? null,
    terminateAt: ending,
    createdAt: toTime(createdAt),
    updatedAt: toTime(updatedAt),
  };
}

export function toCompany({ createdAt, updatedAt, ...record }: CompanyRecord): object {
  return { ...record, createdAt: toTime(createdAt), updatedAt: toTime(updatedAt) };
}

const toTime = (at: number): string => new Date(at).toISOString();
