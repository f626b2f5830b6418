import { getClient } from '../../operations/clients/get-client.ts';
import { callerOf } from '../auth.ts';
import { sendClient } from '../envelope.ts';
import { ClientAnswer, ClientBody } from '../schemas/contract.ts';
import { defineRoute, readClientId } from './route.ts';

export const getRoute = defineRoute({
  path: '/client/get',
  operationId: 'getClient',
  summary: 'Get a client',
  description: 'The client and its hub, active or not. Changes nothing.',
  body: ClientBody,
  answer: ClientAnswer,
  answerHeaders: { 'X-Client-Status': '`active` or `inactive`.' },
  errors: ['CLIENT_NOT_FOUND', 'FIELD_REQUIRED', 'FIELD_INVALID'],
  async handle(request, reply, { platform }) {
    return sendClient(reply, await getClient(platform, callerOf(request), readClientId(request.body as ClientBody)));
  },
});
