import { provisionClient } from '../../operations/clients/provision-client.ts';
import { callerOf } from '../auth.ts';
import { sendProvisioned } from '../envelope.ts';
import { readProvision } from '../read-provision.ts';
import { ProvisionAnswer, ProvisionBody } from '../schemas/contract.ts';
import { defineRoute } from './route.ts';

export const provisionRoute = defineRoute({
  path: '/provisioning/client/provision',
  operationId: 'provisionClient',
  summary: 'Provision a client',
  description:
    'Makes a company (where it is new), a client, its reservation with two pass codes, and a hub, exactly once for each `client.externalId`. ' +
    'Send it as often as you like: the answer stays the same, byte for byte, and changed details are updated. The lifecycle is never touched.',
  body: ProvisionBody,
  answer: ProvisionAnswer,
  requestHeaders: {
    'If-None-Match': 'With `*`: create strictly, or answer 409 `CLIENT_EXISTS`.',
    'X-Source-Version': 'Your version of this record, a whole number. One older than the version on record overwrites nothing.',
  },
  answerHeaders: {
    'X-Provision-Outcome': '`created`, `unchanged` or `updated`.',
    'X-Provision-Changed': 'The details that were updated, by path, with commas between.',
    'X-Client-Status': '`active` or `inactive`.',
    'X-Source-Version': 'The version on record, where there is one.',
    'X-Password-Disclosed': '`false` where the tenant no longer discloses the password.',
  },
  errors: [
    'CLIENT_EXISTS',
    'CLIENT_COMPANY_MISMATCH',
    'COMPANY_ENTERPRISE_MISMATCH',
    'CLIENT_TERMINATED',
    'DETAILS_DIFFER',
    'FIELD_REQUIRED',
    'FIELD_INVALID',
    'STATE_REQUIRED',
    'COUNTRY_UNKNOWN',
    'PASSWORD_UNACCEPTABLE',
    'EMAIL_INVALID',
    'FIELDS_INVALID',
  ],
  asksPlatform: true,
  async handle(request, reply, { platform, metrics }) {
    const provisioned = await provisionClient(platform, callerOf(request), readProvision(request.body as ProvisionBody, request.headers));
    metrics.provisions.inc({ outcome: provisioned.outcome });
    return sendProvisioned(reply, provisioned);
  },
});
