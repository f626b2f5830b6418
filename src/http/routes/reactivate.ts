import { reactivateClient } from '../../operations/clients/reactivate-client.ts';
import { callerOf } from '../auth.ts';
import { sendSuccess } from '../envelope.ts';
import { ClientBody, SuccessAnswer } from '../schemas/contract.ts';
import { defineRoute, readClientId } from './route.ts';

export const reactivateRoute = defineRoute({
  path: '/provisioning/client/reactivate',
  operationId: 'reactivateClient',
  summary: 'Reactivate a client',
  description: 'The same pass codes open conferences again. Reactivating an active client is a success and changes nothing.',
  body: ClientBody,
  answer: SuccessAnswer,
  errors: ['CLIENT_NOT_FOUND', 'CLIENT_TERMINATED', 'FIELD_REQUIRED', 'FIELD_INVALID'],
  asksPlatform: true,
  async handle(request, reply, { platform }) {
    await reactivateClient(platform, callerOf(request), readClientId(request.body as ClientBody));
    return sendSuccess(reply);
  },
});
