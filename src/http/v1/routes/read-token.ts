import { Type } from 'typebox';
import { SCOPES } from '../../../domain/caller.ts';
import { callerOf } from '../../auth.ts';
import { defineV1 } from '../route.ts';

export const readTokenRoute = defineV1({
  method: 'GET',
  path: '/v1/token',
  operationId: 'readToken',
  tag: 'token',
  summary: 'What this token is, and what it may do',
  description: 'The tenant and the scopes of the token that asks. Any token may ask.',
  answer: Type.Object({
    tokenId: Type.Integer(),
    tenant: Type.Object({
      name: Type.String({ examples: ['default'] }),
      isSandbox: Type.Boolean({ description: 'Its data is for trying things out.' }),
    }),
    scopes: Type.Array(Type.Unsafe<string>({ type: 'string', enum: SCOPES })),
  }),
  errors: [],
  async handle(request) {
    const { tokenId, tenant, scopes } = callerOf(request);
    return { tokenId, tenant: { name: tenant.name, isSandbox: tenant.isSandbox }, scopes: [...scopes] };
  },
});
