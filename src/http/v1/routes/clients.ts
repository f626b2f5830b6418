import { Type } from 'typebox';
import { fieldsInvalid } from '../../../domain/errors.ts';
import type { ClientExternalId, ClientId, CompanyId } from '../../../domain/ids.ts';
import { findClientRecord } from '../../../operations/clients/find-client-record.ts';
import { listClients } from '../../../operations/clients/list-clients.ts';
import { searchClients } from '../../../operations/clients/search-clients.ts';
import { callerOf } from '../../auth.ts';
import { id, limitUpTo, oneOf, readParams, readQuery, text, time } from '../query.ts';
import { CLIENT_STATUSES, ClientJson, Next, toClient } from '../record-json.ts';
import { defineV1 } from '../route.ts';

const query = {
  q: text(
    'Whatever somebody knows of a client: words of the name, company, e-mail or hub in any order, or parts of them; our id or yours, of the client or the ' +
      'company; a whole pass code (which the audit notes); the telephone number of somebody who was in its conference. Accents and case do not matter. The best ' +
      'match comes first, `next` is always null, and of the other filters `status`, `companyId` and `limit` go with it.',
  ),
  after: id('Those after this clientId: the `next` of the page before.'),
  limit: limitUpTo(500, 50),
  status: oneOf(CLIENT_STATUSES, 'Only those of this status.'),
  companyId: id<CompanyId>('Only those of this company.'),
  email: text('Only those with this e-mail address, in any case.'),
  name: text('The beginning of the last name, and of the first after it: `lovelace a`. Accents and case do not matter.'),
  changedSince: time('Only those that were made or changed from this time on. To follow changes without a gap use `/v1/events`.'),
};

export const listClientsRoute = defineV1({
  method: 'GET',
  path: '/v1/clients',
  operationId: 'listClients',
  tag: 'clients',
  summary: 'List and search clients',
  description:
    'In the order of their ids, or with `q` the best match first. Every client that was there at the first page comes exactly once, however many are made and changed meanwhile. ' +
    'Filters are combined. Passwords and pass codes are not in it: a repeated provision has them.',
  query,
  answer: Type.Object({ items: Type.Array(ClientJson), next: Next }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { store, desk, search }) {
    const { q, limit = 50, ...filter } = readQuery(request.query, query);
    if (q !== undefined) {
      const { status, companyId, ...others } = filter;
      const problems = Object.keys(others).map((field) => ({ field, code: 'FIELD_INVALID' as const, message: 'does not go with q' }));
      if (problems.length > 0) throw fieldsInvalid(problems);
      const items = await searchClients({ ...desk, search }, callerOf(request), { q, limit, status, companyId });
      return { items: items.map(toClient), next: null };
    }
    const found = await listClients(store, callerOf(request), { ...filter, limit: limit + 1 });
    const items = found.slice(0, limit);
    return { items: items.map(toClient), next: found.length > limit ? (items.at(-1)?.clientId ?? null) : null };
  },
});

const byId = { clientId: id<ClientId>('The clientId that provision gave.') };

export const findClientRoute = defineV1({
  method: 'GET',
  path: '/v1/clients/:clientId',
  operationId: 'findClient',
  tag: 'clients',
  summary: 'A client by its id',
  description: 'All that is known of it but its secrets.',
  params: byId,
  answer: ClientJson,
  errors: ['CLIENT_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { store }) {
    return toClient(await findClientRecord(store, callerOf(request), readParams(request.params, byId)));
  },
});

const byExternalId = { externalId: id<ClientExternalId>('Your own id of it: the `client.externalId` of its provision.') };

export const findClientByExternalIdRoute = defineV1({
  method: 'GET',
  path: '/v1/clients/external/:externalId',
  operationId: 'findClientByExternalId',
  tag: 'clients',
  summary: 'A client by your own id',
  description: 'Whether your record exists there, and as what.',
  params: byExternalId,
  answer: ClientJson,
  errors: ['CLIENT_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { store }) {
    return toClient(await findClientRecord(store, callerOf(request), readParams(request.params, byExternalId)));
  },
});
