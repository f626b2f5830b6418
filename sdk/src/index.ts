export {
  ParleyApiError,
  ParleyConnectionError,
  ParleyError,
  ParleyTimeoutError,
  ParleyWebhookError,
  type ParleyErrorCode,
  type WebhookProblem,
} from './errors.ts';
export { Parley, type ParleyOptions, type RequestOptions } from './parley.ts';
export type { CallOptions } from './sender.ts';
export type { Page, PageOptions } from './pages.ts';
export type { AccessNumber, AccessNumberRecord, AccessNumbers } from './resources/access-numbers.ts';
export type { IdempotentOptions } from './resources/act.ts';
export type { AuditEntry, Audit, AuditFilter, AuditPage } from './resources/audit.ts';
export type { Bridge, BridgeChanges, BridgeRecord, Bridges, CreatedBridge, RotatedCredential } from './resources/bridges.ts';
export type {
  Client,
  ClientFilter,
  ClientIds,
  Clients,
  ClientStatus,
  ClientSummary,
  Comparison,
  ErasedClient,
  ProvisionedClient,
  ProvisionOptions,
  ProvisionPreview,
  ProvisionRecord,
  RotatedPassCodes,
  RotateOptions,
  Invitation,
  InvitationOptions,
  SignOn,
  TerminateOptions,
  WantedClient,
} from './resources/clients.ts';
export type { Companies, Company, CompanyAdmission, CompanyAdmissionChanges, CompanyFilter } from './resources/companies.ts';
export type {
  Conference,
  ConferenceFilter,
  ConferencePage,
  Conferences,
  UsageFilter,
  UsageLeg,
  UsagePage,
} from './resources/conferences.ts';
export type { Event, EventFilter, EventPage, Events, EventType, FollowOptions } from './resources/events.ts';
export type { Operation, OperationFilter, OperationPage, Operations, Orphan, OrphanFilter, OrphanPage } from './resources/operations.ts';
export type { CreatedTenant, Tenant, TenantChanges, TenantRecord, Tenants } from './resources/tenants.ts';
export type { CreatedToken, Token, TokenRecord, Tokens } from './resources/tokens.ts';
export type {
  CreatedWebhook,
  Delivery,
  DeliveryFilter,
  DeliveryPage,
  PingResult,
  ReplayRange,
  RotatedSecret,
  RotateSecretOptions,
  Webhook,
  WebhookChanges,
  WebhookRecord,
  Webhooks,
} from './resources/webhooks.ts';
export type { Statistics, TokenIdentity } from './parley.ts';
export { verifyWebhook, type WebhookDelivery } from './webhooks.ts';
