import { Type } from 'typebox';
import { previewProvision } from '../../../operations/clients/preview-provision.ts';
import { callerOf } from '../../auth.ts';
import { readProvision } from '../../read-provision.ts';
import { provisionRoute } from '../../routes/provision.ts';
import { ProvisionBody } from '../../schemas/contract.ts';
import { defineV1 } from '../route.ts';

export const validateClientRoute = defineV1({
  method: 'POST',
  path: '/v1/clients/validate',
  operationId: 'validateClient',
  tag: 'clients',
  summary: 'What would this provision do?',
  description: 'Takes the body and the headers of a provision, answers by the same rules and with the same refusals, and writes nothing.',
  body: ProvisionBody,
  requestHeaders: provisionRoute.requestHeaders ?? {},
  answer: Type.Object({
    outcome: Type.Unsafe<string>({ type: 'string', enum: ['created', 'updated', 'unchanged'] }),
    changed: Type.Array(Type.String({ examples: ['client.email'] }), { description: 'The details that it would change, by path.' }),
    clientId: Type.Unsafe<number | null>({ type: ['integer', 'null'], description: 'Null where the client would be made.' }),
  }),
  errors: provisionRoute.errors,
  async handle(request, _reply, { platform }) {
    const asked = readProvision(request.body as ProvisionBody, request.headers);
    const { outcome, changed, clientId } = await previewProvision(platform, callerOf(request), asked);
    return { outcome, changed, clientId: clientId ?? null };
  },
});
