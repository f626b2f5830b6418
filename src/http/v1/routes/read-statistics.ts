import { Type } from 'typebox';
import { readStatistics } from '../../../operations/clients/read-statistics.ts';
import { callerOf } from '../../auth.ts';
import { CLIENT_STATUSES } from '../record-json.ts';
import { defineV1 } from '../route.ts';

export const readStatisticsRoute = defineV1({
  method: 'GET',
  path: '/v1/statistics',
  operationId: 'readStatistics',
  tag: 'statistics',
  summary: 'How many records, and how full the pool of pass codes is',
  description:
    'Counts everything: seconds for a tenant of millions. The pool is shared by all tenants, because a code opens one room, whosever it is.',
  answer: Type.Object({
    companies: Type.Integer(),
    clients: Type.Object(Object.fromEntries(CLIENT_STATUSES.map((status) => [status, Type.Integer()]))),
    passCodes: Type.Object({
      reserved: Type.Integer({ description: 'Two for each client that was ever made.' }),
      space: Type.Integer({ description: 'How many there are to draw from.' }),
      density: Type.Number({ description: "reserved / space: the probability that a random code is somebody's." }),
    }),
  }),
  errors: [],
  async handle(request, _reply, { store }) {
    return readStatistics(store, callerOf(request));
  },
});
