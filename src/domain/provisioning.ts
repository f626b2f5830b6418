import type { OnDifference } from './caller.ts';
import type { Client, ClientStatus, Company, Contact, ProvisionTerms } from './client.ts';
import {
  clientCompanyMismatch,
  clientExists,
  clientTerminated,
  companyEnterpriseMismatch,
  detailsDiffer,
  type ProvisioningError,
} from './errors.ts';
import type { CompanyExternalId, EnterpriseId } from './ids.ts';

/** The details that a provision may change, flat, so that a difference has a path. */
export interface CompanyDetails {
  'company.name': string;
  'company.isGlobalMeetEnabled': boolean;
  'company.isWebConfEnabled': boolean;
}

export interface ClientDetails {
  'client.first': string;
  'client.last': string;
  'client.email': string;
  'contact.address': string | null;
  'contact.city': string | null;
  'contact.state': string | null;
  'contact.country': string;
  'contact.postalCode': string | null;
}

export type ChangedPath = keyof CompanyDetails | keyof ClientDetails | 'client.password';

export function companyDetailsOf(company: Company): CompanyDetails {
  return {
    'company.name': company.name,
    'company.isGlobalMeetEnabled': company.isGlobalMeetEnabled,
    'company.isWebConfEnabled': company.isWebConfEnabled,
  };
}

export function clientDetailsOf(client: Pick<Client, 'first' | 'last' | 'email'>, contact: Contact): ClientDetails {
  return {
    'client.first': client.first,
    'client.last': client.last,
    'client.email': client.email,
    'contact.address': contact.address,
    'contact.city': contact.city,
    'contact.state': contact.state,
    'contact.country': contact.country,
    'contact.postalCode': contact.postalCode,
  };
}

/** What the store knows of the client and of the company that a provision names. */
export interface Recorded {
  company: { enterpriseId: EnterpriseId; details: CompanyDetails } | undefined;
  client:
    | {
        status: ClientStatus;
        companyExternalId: CompanyExternalId;
        sourceVersion: number | undefined;
        details: ClientDetails;
        passwordDigest: Uint8Array;
      }
    | undefined;
}

export interface Wanted {
  companyExternalId: CompanyExternalId;
  enterpriseId: EnterpriseId;
  companyDetails: CompanyDetails;
  clientDetails: ClientDetails;
  /** Undefined where the caller gave no password. */
  givenPasswordDigest: Uint8Array | undefined;
  terms: ProvisionTerms;
  onDifference: OnDifference;
}

export type Decision =
  | { kind: 'create'; changed: readonly ChangedPath[] }
  /** `changed` is empty where only the source version moves on. */
  | { kind: 'update'; changed: readonly ChangedPath[] }
  | { kind: 'unchanged' }
  | { kind: 'refuse'; error: ProvisioningError };

/**
 * The rules of provision (C15-C20, C22), without I/O: the same decision on every store, inside the transaction that carries it out,
 * and outside of one to see that a repeat has nothing to write.
 */
export function decideProvision(recorded: Recorded, wanted: Wanted): Decision {
  const refusal = findConflict(recorded, wanted);
  if (refusal !== undefined) return { kind: 'refuse', error: refusal };

  const { client } = recorded;
  const { sourceVersion } = wanted.terms;
  const recordedVersion = client?.sourceVersion;
  const isStale = sourceVersion !== undefined && recordedVersion !== undefined && sourceVersion < recordedVersion;
  if (isStale) return { kind: 'unchanged' };

  const differing = listDifferences(recorded, wanted);
  if (differing.length > 0 && wanted.onDifference === 'reject') return { kind: 'refuse', error: detailsDiffer(differing) };
  const changed = wanted.onDifference === 'update' ? differing : [];
  if (client === undefined) return { kind: 'create', changed };
  if (changed.length > 0) return { kind: 'update', changed };
  // A version is recorded with the details it belongs to, so details that are kept keep their version too.
  const isNewer = differing.length === 0 && sourceVersion !== undefined && sourceVersion !== recordedVersion;
  return isNewer ? { kind: 'update', changed } : { kind: 'unchanged' };
}

/**
 * What will be on record once this decision is carried out: so that the later writes of a group can be decided before its earlier ones are
 * committed. The digest is that of the password which a create or a change of it stores.
 */
export function recordedAfter({ client, company }: Recorded, wanted: Wanted, decision: Decision, passwordDigest: Uint8Array): Recorded {
  if (decision.kind !== 'create' && decision.kind !== 'update') return { client, company };
  const { changed } = decision;
  const writesCompany = company === undefined || changed.some(isCompanyPath);
  return {
    company: writesCompany ? { enterpriseId: wanted.enterpriseId, details: wanted.companyDetails } : company,
    client: {
      status: client?.status ?? 'active',
      companyExternalId: wanted.companyExternalId,
      sourceVersion: wanted.terms.sourceVersion ?? client?.sourceVersion,
      details: wanted.clientDetails,
      passwordDigest: client === undefined || changed.includes('client.password') ? passwordDigest : client.passwordDigest,
    },
  };
}

export function isCompanyPath(path: ChangedPath): path is keyof CompanyDetails {
  return path.startsWith('company.');
}

function findConflict({ client, company }: Recorded, wanted: Wanted): ProvisioningError | undefined {
  if (client?.status === 'terminated' || client?.status === 'erased') return clientTerminated();
  if (client !== undefined && client.companyExternalId !== wanted.companyExternalId) return clientCompanyMismatch();
  if (company !== undefined && company.enterpriseId !== wanted.enterpriseId) return companyEnterpriseMismatch();
  if (client !== undefined && wanted.terms.mustBeNew) return clientExists();
  return undefined;
}

function listDifferences({ client, company }: Recorded, wanted: Wanted): ChangedPath[] {
  const differing: ChangedPath[] = [];
  if (company !== undefined) differing.push(...differingKeys(company.details, wanted.companyDetails));
  if (client !== undefined) {
    differing.push(...differingKeys(client.details, wanted.clientDetails));
    const given = wanted.givenPasswordDigest;
    if (given !== undefined && !Buffer.from(given).equals(client.passwordDigest)) differing.push('client.password');
  }
  return differing;
}

function differingKeys<T extends object>(recorded: T, wanted: T): (keyof T)[] {
  return (Object.keys(wanted) as (keyof T)[]).filter((key) => wanted[key] !== recorded[key]);
}
