import type { ProvisionRequest } from '../../src/domain/client.ts';
import { readProvision } from '../../src/http/read-provision.ts';

import { companyOf, personOf } from './people.ts';

const CLIENTS_PER_COMPANY = 20;

/** The body of the contract's example, for one of any number of clients, each with a name of its own, twenty to a company. */
export function provisionBody(externalId: number) {
  const companyExternalId = Math.ceil(externalId / CLIENTS_PER_COMPANY);
  return {
    company: {
      externalId: companyExternalId,
      enterpriseId: 799,
      name: companyOf(companyExternalId),
      isGlobalMeetEnabled: true,
      isWebConfEnabled: false,
    },
    client: { externalId, password: '', ...personOf(externalId) },
    contact: { address: '123 Street', city: 'Montreal', state: 'Quebec', country: 'Canada', postalCode: 'H1H1H1' },
  };
}

/** The same, as the server reads it. */
export function makeProvision(externalId: number): ProvisionRequest {
  return readProvision(provisionBody(externalId), {});
}
