import type { V1Route } from './route.ts';
import { addAccessNumberRoute, listAccessNumbersRoute, removeAccessNumberRoute } from './routes/access-numbers.ts';
import {
  createBridgeRoute,
  getBridgeRoute,
  listBridgesRoute,
  revokeBridgeRoute,
  rotateBridgeCredentialRoute,
  updateBridgeRoute,
} from './routes/bridges.ts';
import { findClientByExternalIdRoute, findClientRoute, listClientsRoute } from './routes/clients.ts';
import { compareClientsRoute } from './routes/compare-clients.ts';
import { findCompanyByExternalIdRoute, findCompanyRoute, listCompaniesRoute } from './routes/companies.ts';
import { getCompanyAdmissionRoute, setCompanyAdmissionRoute } from './routes/company-admission.ts';
import { listConferencesRoute, listUsageRoute } from './routes/conferences.ts';
import { cancelTerminationRoute, eraseClientRoute, terminateClientRoute } from './routes/end-client.ts';
import { listAuditRoute } from './routes/list-audit.ts';
import { listEventsRoute } from './routes/list-events.ts';
import { discardOperationRoute, listOperationsRoute, listOrphansRoute, retryOperationRoute } from './routes/operations.ts';
import { readStatisticsRoute } from './routes/read-statistics.ts';
import { readTokenRoute } from './routes/read-token.ts';
import { readInvitationRoute } from './routes/read-invitation.ts';
import { rotatePassCodesRoute } from './routes/rotate-passcodes.ts';
import { streamEventsRoute } from './routes/stream-events.ts';
import { createTenantRoute, listTenantsRoute, updateTenantRoute } from './routes/tenants.ts';
import { createTokenRoute, listTokensRoute, revokeTokenRoute } from './routes/tokens.ts';
import { validateClientRoute } from './routes/validate-client.ts';
import { pingWebhookRoute, replayWebhookRoute, rotateWebhookSecretRoute } from './routes/webhook-actions.ts';
import { listDeliveriesRoute, retryDeliveryRoute } from './routes/webhook-deliveries.ts';
import { createWebhookRoute, deleteWebhookRoute, getWebhookRoute, listWebhooksRoute, updateWebhookRoute } from './routes/webhooks.ts';

/** Resources: what the contract lacks. */
export const V1_ROUTES: readonly V1Route[] = [
  listClientsRoute,
  validateClientRoute,
  compareClientsRoute,
  findClientRoute,
  findClientByExternalIdRoute,
  readInvitationRoute,
  rotatePassCodesRoute,
  terminateClientRoute,
  cancelTerminationRoute,
  eraseClientRoute,
  listCompaniesRoute,
  findCompanyRoute,
  findCompanyByExternalIdRoute,
  getCompanyAdmissionRoute,
  setCompanyAdmissionRoute,
  listConferencesRoute,
  listUsageRoute,
  listEventsRoute,
  streamEventsRoute,
  createWebhookRoute,
  listWebhooksRoute,
  getWebhookRoute,
  updateWebhookRoute,
  deleteWebhookRoute,
  rotateWebhookSecretRoute,
  pingWebhookRoute,
  replayWebhookRoute,
  listDeliveriesRoute,
  retryDeliveryRoute,
  listAuditRoute,
  readStatisticsRoute,
  readTokenRoute,
  listOperationsRoute,
  retryOperationRoute,
  discardOperationRoute,
  listOrphansRoute,
  listBridgesRoute,
  createBridgeRoute,
  getBridgeRoute,
  updateBridgeRoute,
  rotateBridgeCredentialRoute,
  revokeBridgeRoute,
  listAccessNumbersRoute,
  addAccessNumberRoute,
  removeAccessNumberRoute,
  listTokensRoute,
  createTokenRoute,
  revokeTokenRoute,
  listTenantsRoute,
  createTenantRoute,
  updateTenantRoute,
];
