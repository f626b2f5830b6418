import type { ClientDetails, CompanyDetails, Recorded } from '../domain/provisioning.ts';
import type { ClientStatus } from '../domain/client.ts';
import type { ChangeableClient } from '../domain/client-change.ts';
import type { OnDifference, PasswordDisclosure, Scope, Tenant } from '../domain/caller.ts';
import type { ClientExternalId, ClientId, CompanyExternalId, CompanyId, EnterpriseId, HubId, TenantId, TokenId } from '../domain/ids.ts';
import type { EntryType } from '../domain/journal.ts';
import type { JournalEntry, JournalLink } from './journal.ts';
import type { ClientRecord, CompanyRecord } from './records.ts';
import type { TenantSummary, TokenRecord, TokenSummary } from './access.ts';
import type { StoredClient } from './store.ts';

type Column = string | number | boolean | null | Uint8Array;
/** A row under its columns' names, which both engines share. SQLite has numbers for booleans. */
export type Row = Record<string, Column>;

export function readRecorded(client: Row | undefined, company: Row | undefined): Recorded {
  return { client: client && readRecordedClient(client), company: company && readRecordedCompany(company) };
}

function readRecordedCompany(row: Row): NonNullable<Recorded['company']> {
  const details: CompanyDetails = {
    'company.name': row.name as string,
    'company.isGlobalMeetEnabled': Boolean(row.is_global_meet_enabled),
    'company.isWebConfEnabled': Boolean(row.is_web_conf_enabled),
  };
  return { enterpriseId: row.enterprise_id as EnterpriseId, details };
}

function readRecordedClient(row: Row): NonNullable<Recorded['client']> {
  const details: ClientDetails = {
    'client.first': row.first as string,
    'client.last': row.last as string,
    'client.email': row.email as string,
    'contact.address': row.address as string | null,
    'contact.city': row.city as string | null,
    'contact.state': row.state as string | null,
    'contact.country': row.country as string,
    'contact.postalCode': row.postal_code as string | null,
  };
  return {
    status: row.status as ClientStatus,
    companyExternalId: row.company_external_id as CompanyExternalId,
    sourceVersion: (row.source_version as number | null) ?? undefined,
    details,
    passwordDigest: row.password_digest as Uint8Array,
  };
}

export function readStoredClient(row: Row): StoredClient {
  return {
    clientId: row.client_id as ClientId,
    companyId: row.company_id as CompanyId,
    status: row.status as ClientStatus,
    sourceVersion: (row.source_version as number | null) ?? undefined,
    passwordSealed: row.password_sealed as Uint8Array,
    passwordSetAt: row.password_set_at as number,
    moderatorPassCodeSealed: row.moderator_pass_code_sealed as Uint8Array,
    participantPassCodeSealed: row.participant_pass_code_sealed as Uint8Array,
    hub: { hubId: row.hub_id as HubId, hubUrl: row.hub_url as string },
  };
}

export function readTenant(row: Row): Tenant {
  return {
    tenantId: row.tenant_id as TenantId,
    name: row.tenant_name as string,
    onDifference: row.on_difference as OnDifference,
    passwordDisclosure: row.password_disclosure as PasswordDisclosure,
    isSandbox: Boolean(row.is_sandbox),
  };
}

export function readToken(row: Row): Pick<TokenRecord, 'tokenId' | 'scopes' | 'expiresAt' | 'revokedAt'> {
  return {
    tokenId: row.token_id as TokenId,
    scopes: (row.scopes as string).split(' ') as Scope[],
    expiresAt: (row.expires_at as number | null) ?? undefined,
    revokedAt: (row.revoked_at as number | null) ?? undefined,
  };
}

export function readTokenSummary(row: Row): TokenSummary {
  return {
    ...readToken(row),
    tenantId: row.tenant_id as TenantId,
    tenantName: row.tenant_name as string,
    name: row.name as string,
    hint: row.hint as string,
    createdAt: row.created_at as number,
    lastUsedAt: (row.last_used_at as number | null) ?? undefined,
  };
}

export function readTenantSummary(row: Row): TenantSummary {
  return {
    ...readTenant(row),
    createdAt: row.created_at as number,
    clients: row.clients as number,
    liveTokens: row.live_tokens as number,
  };
}

export interface JournalRow {
  seq: number;
  type: EntryType;
  at: number;
  actor: string;
  request_id: string;
  client_id: ClientId | null;
  company_id: CompanyId | null;
  data: string;
  details: string | null;
  salt: Uint8Array | null;
  digest: Uint8Array | null;
  hash: Uint8Array;
  token_name: string | null;
}

export function readJournalEntry(row: JournalRow): JournalEntry {
  return {
    seq: row.seq,
    type: row.type,
    at: row.at,
    actor: row.actor,
    tokenName: row.token_name ?? undefined,
    requestId: row.request_id,
    clientId: row.client_id ?? undefined,
    companyId: row.company_id ?? undefined,
    data: JSON.parse(row.data),
    details: row.details === null ? undefined : JSON.parse(row.details),
  };
}

export function readLink(row: JournalRow): JournalLink {
  return {
    seq: row.seq,
    type: row.type,
    at: row.at,
    actor: row.actor,
    requestId: row.request_id,
    clientId: row.client_id ?? undefined,
    companyId: row.company_id ?? undefined,
    data: row.data,
    details: row.details ?? undefined,
    salt: row.salt ?? undefined,
    digest: row.digest ?? undefined,
    hash: row.hash,
  };
}

export interface RecordRow {
  client_id: ClientId;
  external_id: ClientExternalId;
  status: ClientStatus;
  first: string;
  last: string;
  email: string;
  address: string | null;
  city: string | null;
  state: string | null;
  country: string;
  postal_code: string | null;
  source_version: number | null;
  terminate_at: number | null;
  created_at: number;
  updated_at: number;
  company_id: CompanyId;
  company_external_id: CompanyExternalId;
  enterprise_id: EnterpriseId;
  company_name: string;
  hub_id: HubId;
  hub_url: string;
}

export function readClientRecord(row: RecordRow): ClientRecord {
  const { first, last, email, address, city, state, country } = row;
  return {
    clientId: row.client_id,
    externalId: row.external_id,
    status: row.status,
    first,
    last,
    email,
    contact: { address, city, state, country, postalCode: row.postal_code },
    sourceVersion: row.source_version ?? undefined,
    company: {
      companyId: row.company_id,
      externalId: row.company_external_id,
      enterpriseId: row.enterprise_id,
      name: row.company_name,
    },
    hub: { hubId: row.hub_id, hubUrl: row.hub_url },
    terminateAt: row.terminate_at ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export interface CompanyRow {
  company_id: CompanyId;
  external_id: CompanyExternalId;
  enterprise_id: EnterpriseId;
  name: string;
  is_global_meet_enabled: number | boolean;
  is_web_conf_enabled: number | boolean;
  created_at: number;
  updated_at: number;
  hub_id: HubId;
  hub_url: string;
}

export function readCompanyRecord(row: CompanyRow): CompanyRecord {
  return {
    companyId: row.company_id,
    externalId: row.external_id,
    enterpriseId: row.enterprise_id,
    name: row.name,
    isGlobalMeetEnabled: Boolean(row.is_global_meet_enabled),
    isWebConfEnabled: Boolean(row.is_web_conf_enabled),
    hub: { hubId: row.hub_id, hubUrl: row.hub_url },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function readChangeable(row: Row): ChangeableClient {
  return {
    externalId: row.external_id as number,
    status: row.status as ClientStatus,
    terminateAt: (row.terminate_at as number | null) ?? undefined,
    terminateReason: (row.terminate_reason as string | null) ?? undefined,
  };
}
