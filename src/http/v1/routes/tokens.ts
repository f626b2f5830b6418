import { type Static, Type } from 'typebox';
import { type Scope, SCOPES } from '../../../domain/caller.ts';
import type { TokenId } from '../../../domain/ids.ts';
import { readTime } from '../../../domain/text.ts';
import { addToken, endToken, listTokens } from '../../../operations/access/administer-tokens.ts';
import { callerOf } from '../../auth.ts';
import { TokenJson, TokenSecretJson, toToken } from '../administration-json.ts';
import { IDEMPOTENCY_HEADER, readIdempotency } from '../idempotency.ts';
import { id, readParams } from '../query.ts';
import { defineV1 } from '../route.ts';

const params = { tokenId: id<TokenId>('From the list.') };

const CreateBody = Type.Object(
  {
    name: Type.String({ 'x-rule': 'text', description: 'Your own words: what it is for.', examples: ['billing'] }),
    scopes: Type.Unsafe<Scope[]>({
      type: 'array',
      'x-rule': 'scopes',
      items: { type: 'string', 'x-rule': 'scope', enum: SCOPES },
      description: 'What it may do. None that the asking token lacks.',
      examples: [['provision', 'read']],
    }),
    expiresAt: Type.Optional(
      Type.Unsafe<string | null>({
        type: ['string', 'null'],
        'x-rule': 'time',
        description: 'From then on it opens nothing. Left out or null: never.',
        examples: ['2027-01-31T00:00:00Z'],
      }),
    ),
  },
  { 'x-rule': 'object', additionalProperties: false },
);

export const listTokensRoute = defineV1({
  method: 'GET',
  path: '/v1/tokens',
  operationId: 'listTokens',
  tag: 'administration',
  summary: 'API tokens of the tenant',
  description:
    'All of them, the oldest first, those that are revoked too. The tokens themselves are in none of these. Needs the scope `admin`.',
  answer: Type.Object({ items: Type.Array(TokenJson), next: Type.Null() }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { desk }) {
    return { items: (await listTokens(desk, callerOf(request))).map(toToken), next: null };
  },
});

export const createTokenRoute = defineV1({
  method: 'POST',
  path: '/v1/tokens',
  operationId: 'createToken',
  tag: 'administration',
  summary: 'Make an API token of the tenant',
  description:
    'Answers with the token, this once. Each call makes another: send an `Idempotency-Key` to be able to repeat one. Needs the scope `admin`, and every scope that is given.',
  body: CreateBody,
  requestHeaders: IDEMPOTENCY_HEADER,
  answer: Type.Intersect([TokenJson, Type.Object({ token: TokenSecretJson })]),
  errors: ['FIELD_REQUIRED', 'FIELD_INVALID', 'FIELDS_INVALID', 'IDEMPOTENCY_KEY_REUSED'],
  async handle(request, _reply, { desk }) {
    const { name, scopes, expiresAt } = request.body as Static<typeof CreateBody>;
    const order = {
      name,
      scopes: [...new Set(scopes)],
      expiresAt: expiresAt ? readTime(expiresAt) : undefined,
      key: readIdempotency(request),
    };
    const { summary, token } = await addToken(desk, callerOf(request), order);
    return { ...toToken(summary), token: token.reveal() };
  },
});

export const revokeTokenRoute = defineV1({
  method: 'DELETE',
  path: '/v1/tokens/:tokenId',
  operationId: 'revokeToken',
  tag: 'administration',
  summary: 'End an API token',
  description:
    'It opens nothing any more, on every node within a second; it may be the asking one. A repeat is a success. Needs the scope `admin`.',
  params,
  answer: Type.Object({ status: Type.Literal('success') }),
  errors: ['TOKEN_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { desk }) {
    await endToken(desk, callerOf(request), readParams(request.params, params).tokenId);
    return { status: 'success' };
  },
});
