import type { ClientDetails, CompanyDetails, Recorded } from '../../domain/provisioning.ts';
import type { ClientStatus } from '../../domain/client.ts';
import type { ClientId, CompanyExternalId, CompanyId, EnterpriseId, HubId } from '../../domain/ids.ts';
import type { StoredClient } from '../store.ts';

type Column = string | number | null | Uint8Array;
export type Row = Record<string, Column>;

/** Everything a provision's answer and its decision need of a client, in one look-up. */
export const CLIENT_BY_EXTERNAL_ID = `
  select c.client_id, c.company_id, c.status, c.first, c.last, c.email, c.address, c.city, c.state, c.country, c.postal_code,
    c.source_version, c.password_sealed, c.password_digest, c.password_set_at, o.external_id as company_external_id,
    h.hub_id, h.hub_url, r.moderator_pass_code_sealed, r.participant_pass_code_sealed
  from clients c
  join companies o on o.company_id = c.company_id
  join hubs h on h.company_id = c.company_id
  join reservations r on r.client_id = c.client_id
  where c.tenant_id = ? and c.external_id = ?`;

export const COMPANY_BY_EXTERNAL_ID = `
  select company_id, enterprise_id, name, is_global_meet_enabled, is_web_conf_enabled
  from companies where tenant_id = ? and external_id = ?`;

export function readRecorded(client: Row | undefined, company: Row | undefined): Recorded {
  return { client: client && readRecordedClient(client), company: company && readRecordedCompany(company) };
}

function readRecordedCompany(row: Row): NonNullable<Recorded['company']> {
  const details: CompanyDetails = {
    'company.name': row.name as string,
    'company.isGlobalMeetEnabled': row.is_global_meet_enabled === 1,
    'company.isWebConfEnabled': row.is_web_conf_enabled === 1,
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
