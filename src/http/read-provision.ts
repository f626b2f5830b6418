import type { IncomingHttpHeaders } from 'node:http';
import type { ProvisionRequest, ProvisionTerms } from '../domain/client.ts';
import { findCountry } from '../domain/country.ts';
import { type FieldProblem, fieldsInvalid } from '../domain/errors.ts';
import { type ClientExternalId, type CompanyExternalId, type EnterpriseId, readPositiveId } from '../domain/ids.ts';
import { Secret } from '../domain/secret.ts';
import { readOptionalText } from '../domain/text.ts';
import type { ProvisionBody } from './schemas/contract.ts';

/** Turns a body that the schema has passed into the domain's terms. */
export function readProvision({ company, client, contact }: ProvisionBody, headers: IncomingHttpHeaders): ProvisionRequest {
  return {
    company: {
      externalId: readPositiveId<CompanyExternalId>(company.externalId) as CompanyExternalId,
      enterpriseId: readPositiveId<EnterpriseId>(company.enterpriseId) as EnterpriseId,
      name: company.name.trim(),
      isGlobalMeetEnabled: company.isGlobalMeetEnabled ?? false,
      isWebConfEnabled: company.isWebConfEnabled ?? false,
    },
    client: {
      externalId: readPositiveId<ClientExternalId>(client.externalId) as ClientExternalId,
      first: client.first.trim(),
      last: client.last.trim(),
      email: client.email.trim(),
    },
    contact: {
      address: readOptionalText(contact.address),
      city: readOptionalText(contact.city),
      state: readOptionalText(contact.state),
      country: findCountry(contact.country) as string,
      postalCode: readOptionalText(contact.postalCode),
    },
    password: client.password ? new Secret(client.password) : undefined,
    terms: readTerms(headers),
  };
}

function readTerms(headers: IncomingHttpHeaders): ProvisionTerms {
  const problems: FieldProblem[] = [];
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    problems.push({ field: 'If-None-Match', code: 'FIELD_INVALID', message: 'must be * or left out: records have no entity tags' });
  }
  const version = headers['x-source-version'];
  const sourceVersion = typeof version === 'string' && /^\d{1,16}$/.test(version) ? Number(version) : undefined;
  if (version !== undefined && (sourceVersion === undefined || !Number.isSafeInteger(sourceVersion))) {
    problems.push({ field: 'X-Source-Version', code: 'FIELD_INVALID', message: 'must be a whole number from 0 to 9007199254740991' });
  }
  if (problems.length > 0) throw fieldsInvalid(problems);
  return { mustBeNew: ifNoneMatch === '*', sourceVersion };
}
