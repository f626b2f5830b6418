import { Type } from 'typebox';
import type { CompanyExternalId, CompanyId } from '../../../domain/ids.ts';
import { findCompany } from '../../../operations/companies/find-company.ts';
import { listCompanies } from '../../../operations/companies/list-companies.ts';
import { callerOf } from '../../auth.ts';
import { id, limitUpTo, readParams, readQuery, text } from '../query.ts';
import { CompanyJson, Next, toCompany } from '../record-json.ts';
import { defineV1 } from '../route.ts';

const query = {
  after: id('Those after this companyId: the `next` of the page before.'),
  limit: limitUpTo(500, 50),
  name: text('The beginning of the name. Accents and case do not matter.'),
};

export const listCompaniesRoute = defineV1({
  method: 'GET',
  path: '/v1/companies',
  operationId: 'listCompanies',
  tag: 'companies',
  summary: 'List and search companies',
  description: 'With their hubs, in the order of their ids.',
  query,
  answer: Type.Object({ items: Type.Array(CompanyJson), next: Next }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { store }) {
    const { limit = 50, ...filter } = readQuery(request.query, query);
    const found = await listCompanies(store, callerOf(request), { ...filter, limit: limit + 1 });
    const items = found.slice(0, limit);
    return { items: items.map(toCompany), next: found.length > limit ? (items.at(-1)?.companyId ?? null) : null };
  },
});

const byId = { companyId: id<CompanyId>('The companyId that provision gave.') };

export const findCompanyRoute = defineV1({
  method: 'GET',
  path: '/v1/companies/:companyId',
  operationId: 'findCompany',
  tag: 'companies',
  summary: 'A company and its hub, by its id',
  description: 'Its clients are at `/v1/clients?companyId=`.',
  params: byId,
  answer: CompanyJson,
  errors: ['COMPANY_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { store }) {
    return toCompany(await findCompany(store, callerOf(request), readParams(request.params, byId)));
  },
});

const byExternalId = { externalId: id<CompanyExternalId>('Your own id of it: the `company.externalId` of a provision.') };

export const findCompanyByExternalIdRoute = defineV1({
  method: 'GET',
  path: '/v1/companies/external/:externalId',
  operationId: 'findCompanyByExternalId',
  tag: 'companies',
  summary: 'A company and its hub, by your own id',
  description: 'Whether your company exists there, and as what.',
  params: byExternalId,
  answer: CompanyJson,
  errors: ['COMPANY_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { store }) {
    return toCompany(await findCompany(store, callerOf(request), readParams(request.params, byExternalId)));
  },
});
