import type { ClientStatus, Contact, Hub } from '../domain/client.ts';
import type { ClientExternalId, ClientId, CompanyExternalId, CompanyId, EnterpriseId, TenantId } from '../domain/ids.ts';

export type ClientKey = { clientId: ClientId } | { externalId: ClientExternalId };
export type CompanyKey = { companyId: CompanyId } | { externalId: CompanyExternalId } | { hubUrl: string };

/** Of `companies o join hubs h`. */
export function columnOf(key: CompanyKey): [column: string, value: number | string] {
  if ('hubUrl' in key) return ['h.hub_url', key.hubUrl];
  return 'companyId' in key ? ['o.company_id', key.companyId] : ['o.external_id', key.externalId];
}

/** A client as a resource: nothing that is sealed. */
export interface ClientRecord {
  clientId: ClientId;
  externalId: ClientExternalId;
  status: ClientStatus;
  first: string;
  last: string;
  email: string;
  contact: Contact;
  sourceVersion: number | undefined;
  company: Pick<CompanyRecord, 'companyId' | 'externalId' | 'enterpriseId' | 'name'>;
  hub: Hub;
  /** When it will be terminated, where that was asked for. */
  terminateAt: number | undefined;
  createdAt: number;
  updatedAt: number;
}

export interface CompanyRecord {
  companyId: CompanyId;
  externalId: CompanyExternalId;
  enterpriseId: EnterpriseId;
  name: string;
  isGlobalMeetEnabled: boolean;
  isWebConfEnabled: boolean;
  hub: Hub;
  createdAt: number;
  updatedAt: number;
}

/** A company's conferencing site, found by its host name alone. */
export interface HubRecord {
  tenantId: TenantId;
  companyId: CompanyId;
  companyName: string;
  hubUrl: string;
}

/** In the order of ids, after this one. */
export interface ClientQuery {
  tenantId: TenantId;
  /** Of these only. */
  clientIds?: readonly ClientId[] | undefined;
  after?: number | undefined;
  limit: number;
  status?: ClientStatus | undefined;
  companyId?: CompanyId | undefined;
  /** A search key, whole. */
  email?: string | undefined;
  /** The beginning of a search key. */
  name?: string | undefined;
  changedSince?: number | undefined;
}

export interface CompanyQuery {
  tenantId: TenantId;
  after?: number | undefined;
  limit: number;
  name?: string | undefined;
}

export interface Statistics {
  companies: number;
  clients: Record<ClientStatus, number>;
}
