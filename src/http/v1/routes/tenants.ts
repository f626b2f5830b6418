import { type Static, Type } from 'typebox';
import { ON_DIFFERENCE, type OnDifference, PASSWORD_DISCLOSURES, type PasswordDisclosure } from '../../../domain/caller.ts';
import { fieldsInvalid } from '../../../domain/errors.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { addTenant, changeTenant, listTenants } from '../../../operations/access/administer-tenants.ts';
import { callerOf } from '../../auth.ts';
import { TenantJson, TokenSecretJson, toTenant } from '../administration-json.ts';
import { IDEMPOTENCY_HEADER, readIdempotency } from '../idempotency.ts';
import { id, readParams } from '../query.ts';
import { defineV1 } from '../route.ts';

const params = { tenantId: id<TenantId>('From the list.') };

const choices = {
  onDifference: Type.Optional(
    Type.Unsafe<OnDifference>({
      type: 'string',
      'x-rule': 'onDifference',
      enum: ON_DIFFERENCE,
      description: 'What a provision does with details that differ from the record. A new tenant has `update`.',
    }),
  ),
  passwordDisclosure: Type.Optional(
    Type.Unsafe<PasswordDisclosure>({
      type: 'string',
      'x-rule': 'passwordDisclosure',
      enum: PASSWORD_DISCLOSURES,
      description: 'How long answers repeat the password. A new tenant has `always`.',
    }),
  ),
};

const CreateBody = Type.Object(
  {
    name: Type.String({ 'x-rule': 'text', description: 'New to the installation.', examples: ['acme'] }),
    ...choices,
    sandbox: Type.Optional(Type.Boolean({ 'x-rule': 'flag', description: 'For trying things out. Left out: false. It stays so.' })),
  },
  { 'x-rule': 'object', additionalProperties: false },
);

export const listTenantsRoute = defineV1({
  method: 'GET',
  path: '/v1/tenants',
  operationId: 'listTenants',
  tag: 'administration',
  summary: 'Tenants, and what they have chosen',
  description:
    "All of them, the oldest first, where the token is of the operator's tenant, which is the first; else the own one. Needs the scope `admin`.",
  answer: Type.Object({ items: Type.Array(TenantJson), next: Type.Null() }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { desk }) {
    return { items: (await listTenants(desk, callerOf(request))).map(toTenant), next: null };
  },
});

export const createTenantRoute = defineV1({
  method: 'POST',
  path: '/v1/tenants',
  operationId: 'createTenant',
  tag: 'administration',
  summary: 'Make a tenant',
  description:
    'With its first token, of every scope, shown this once. For the operator: it takes a token of the first tenant with the scope `admin`. A name that is taken is refused; send an `Idempotency-Key` to be able to repeat the call after a lost answer.',
  body: CreateBody,
  requestHeaders: IDEMPOTENCY_HEADER,
  answer: Type.Intersect([TenantJson, Type.Object({ token: TokenSecretJson })]),
  errors: ['FIELD_REQUIRED', 'FIELD_INVALID', 'OPERATOR_REQUIRED', 'TENANT_EXISTS', 'IDEMPOTENCY_KEY_REUSED'],
  async handle(request, _reply, { desk }) {
    const { sandbox, ...wish } = request.body as Static<typeof CreateBody>;
    const key = readIdempotency(request);
    const { tenant, token } = await addTenant(desk, callerOf(request), { wish: { ...wish, isSandbox: sandbox }, key });
    return { ...toTenant(tenant), token: token.reveal() };
  },
});

const UpdateBody = Type.Object(choices, { 'x-rule': 'object', additionalProperties: false });

export const updateTenantRoute = defineV1({
  method: 'PATCH',
  path: '/v1/tenants/:tenantId',
  operationId: 'updateTenant',
  tag: 'administration',
  summary: 'Change what a tenant has chosen',
  description:
    'Its own, or any for the operator. What is left out stays; running servers follow within a second. A repeat changes nothing. Needs the scope `admin`.',
  params,
  body: UpdateBody,
  answer: TenantJson,
  errors: ['FIELD_REQUIRED', 'FIELD_INVALID', 'TENANT_NOT_FOUND'],
  async handle(request, _reply, { desk }) {
    const body = request.body as Static<typeof UpdateBody>;
    if (Object.keys(body).length === 0) {
      const message = 'or passwordDisclosure is required: say what is to be changed';
      throw fieldsInvalid([{ field: 'onDifference', code: 'FIELD_REQUIRED', message }]);
    }
    const { tenantId } = readParams(request.params, params);
    return toTenant(await changeTenant(desk, callerOf(request), { tenantId, choices: body }));
  },
});
