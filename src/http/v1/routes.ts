import type { V1Route } from './route.ts';
import { findClientByExternalIdRoute, findClientRoute, listClientsRoute } from './routes/clients.ts';
import { findCompanyByExternalIdRoute, findCompanyRoute, listCompaniesRoute } from './routes/companies.ts';
import { listAuditRoute } from './routes/list-audit.ts';
import { listEventsRoute } from './routes/list-events.ts';
import { readStatisticsRoute } from './routes/read-statistics.ts';
import { streamEventsRoute } from './routes/stream-events.ts';
import { validateClientRoute } from './routes/validate-client.ts';

/** Resources: what the contract lacks. */
export const V1_ROUTES: readonly V1Route[] = [
  listClientsRoute,
  validateClientRoute,
  findClientRoute,
  findClientByExternalIdRoute,
  listCompaniesRoute,
  findCompanyRoute,
  findCompanyByExternalIdRoute,
  listEventsRoute,
  streamEventsRoute,
  listAuditRoute,
  readStatisticsRoute,
];
