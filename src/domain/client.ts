import type { ClientExternalId, ClientId, CompanyExternalId, CompanyId, EnterpriseId, HubId } from './ids.ts';
import type { CountryCode } from './country.ts';
import type { Secret } from './secret.ts';

export type ClientStatus = 'active' | 'inactive' | 'terminated' | 'erased';

export interface Company {
  externalId: CompanyExternalId;
  enterpriseId: EnterpriseId;
  name: string;
  isGlobalMeetEnabled: boolean;
  isWebConfEnabled: boolean;
}

export interface Client {
  externalId: ClientExternalId;
  first: string;
  last: string;
  email: string;
}

export interface Contact {
  address: string | null;
  city: string | null;
  state: string | null;
  country: CountryCode;
  postalCode: string | null;
}

export interface Hub {
  hubId: HubId;
  hubUrl: string;
}

/** A valid provision, normalised: texts trimmed, blanks null, the country a code. */
export interface ProvisionRequest {
  company: Company;
  client: Client;
  contact: Contact;
  /** Undefined: generate on create and leave alone afterwards. */
  password: Secret | undefined;
  terms: ProvisionTerms;
}

/** What the caller asks of the provision itself, by header. */
export interface ProvisionTerms {
  /** If-None-Match: * */
  mustBeNew: boolean;
  /** X-Source-Version */
  sourceVersion: number | undefined;
}

export type Outcome = 'created' | 'unchanged' | 'updated';

export interface ProvisionedClient {
  companyId: CompanyId;
  clientId: ClientId;
  status: ClientStatus;
  /** Undefined where the tenant no longer discloses it. */
  password: Secret | undefined;
  moderatorPassCode: Secret;
  participantPassCode: Secret;
  hub: Hub;
  outcome: Outcome;
  /** Paths of the details that this provision changed. */
  changed: readonly string[];
  /** The source version on record after this provision. */
  sourceVersion: number | undefined;
}
