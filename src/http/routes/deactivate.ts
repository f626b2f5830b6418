import { deactivateClient } from '../../operations/clients/deactivate-client.ts';
import { callerOf } from '../auth.ts';
import { sendSuccess } from '../envelope.ts';
import { ClientBody, SuccessAnswer } from '../schemas/contract.ts';
import { defineRoute, readClientId } from './route.ts';

export const deactivateRoute = defineRoute({
  path: '/provisioning/client/deactivate',
  operationId: 'deactivateClient',
  summary: 'Deactivate a client',
  description:
    'Its pass codes stop opening conferences, and stay reserved for it. Deactivating an inactive client is a success and changes nothing.',
  body: ClientBody,
  answer: SuccessAnswer,
  errors: ['CLIENT_NOT_FOUND', 'FIELD_REQUIRED', 'FIELD_INVALID'],
  asksPlatform: true,
  async handle(request, reply, { platform }) {
    await deactivateClient(platform, callerOf(request), readClientId(request.body as ClientBody));
    return sendSuccess(reply);
  },
});
