import { signOn } from '../../operations/clients/sign-on.ts';
import { callerOf } from '../auth.ts';
import { sendSignOn } from '../envelope.ts';
import { ClientBody, SignOnAnswer } from '../schemas/contract.ts';
import { defineRoute, readClientId } from './route.ts';

export const signOnRoute = defineRoute({
  path: '/client/signon',
  operationId: 'signOn',
  summary: 'Sign a client on (beyond the contract)',
  description:
    "A link into the client's hub, for its host. It works once, within 60 seconds: redirect the browser to it at once. A repeat gives another link.",
  body: ClientBody,
  answer: SignOnAnswer,
  errors: ['CLIENT_NOT_FOUND', 'CLIENT_INACTIVE', 'CLIENT_TERMINATED', 'FIELD_REQUIRED', 'FIELD_INVALID'],
  asksPlatform: true,
  async handle(request, reply, { platform }) {
    return sendSignOn(reply, await signOn(platform, callerOf(request), readClientId(request.body as ClientBody)));
  },
});
