/** The contract's own example, with whatever a test wants different. Merged one level deep, so a test names only what it is about. */
export interface BodyChanges {
  company?: Record<string, unknown>;
  client?: Record<string, unknown>;
  contact?: Record<string, unknown>;
}

export function provisionBody(changes: BodyChanges = {}) {
  return {
    company: {
      externalId: 50,
      enterpriseId: 799,
      name: 'Company Name',
      isGlobalMeetEnabled: true,
      isWebConfEnabled: false,
      ...changes.company,
    },
    client: { externalId: 100, password: '', first: 'First', last: 'Last', email: 'me@example.com', ...changes.client },
    contact: {
      address: '123 Street',
      city: 'Montreal',
      state: 'Quebec',
      country: 'Canada',
      postalCode: 'H1H1H1',
      ...changes.contact,
    },
  };
}

export const PROVISION = '/provisioning/client/provision';
export const DEACTIVATE = '/provisioning/client/deactivate';
export const REACTIVATE = '/provisioning/client/reactivate';
export const GET = '/client/get';
export const SIGN_ON = '/client/signon';

export interface ProvisionAnswer {
  status: string;
  data: {
    companyId: number;
    clientId: number;
    password: string;
    passCodes: { moderatorPassCode: string; participantPassCode: string };
    hub: { hubId: number; hubUrl: string };
  };
}
