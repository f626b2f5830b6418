import { type Static, Type } from 'typebox';
import { listAccessNumbers, putInService, takeOutOfService } from '../../../operations/bridges/administer-access-numbers.ts';
import { callerOf } from '../../auth.ts';
import { AccessNumberJson, toAccessNumber } from '../administration-json.ts';
import { readParams, text } from '../query.ts';
import { defineV1 } from '../route.ts';

const params = { number: text('In full, with + and the country: +15145550100.') };

const AddBody = Type.Object(
  {
    number: Type.String({ 'x-rule': 'text', description: 'In full, with + and the country.', examples: ['+1 514 555 0100'] }),
    shared: Type.Optional(
      Type.Boolean({ 'x-rule': 'flag', description: 'For the codes of all tenants, which is for the operator to say. Left out: false.' }),
    ),
  },
  { 'x-rule': 'object', additionalProperties: false },
);

export const listAccessNumbersRoute = defineV1({
  method: 'GET',
  path: '/v1/access-numbers',
  operationId: 'listAccessNumbers',
  tag: 'administration',
  summary: 'Telephone numbers that callers dial',
  description: "The tenant's own and those that all tenants share, in order.",
  answer: Type.Object({ items: Type.Array(AccessNumberJson), next: Type.Null() }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { desk }) {
    return { items: (await listAccessNumbers(desk, callerOf(request))).map(toAccessNumber), next: null };
  },
});

export const addAccessNumberRoute = defineV1({
  method: 'POST',
  path: '/v1/access-numbers',
  operationId: 'addAccessNumber',
  tag: 'administration',
  summary: 'Put a number in service',
  description:
    'Calls to it open conferences of the tenant, from the next call on. Where a tenant has numbers, its codes open nothing on those of others. A repeat is a success. Needs the scope `admin`.',
  body: AddBody,
  answer: AccessNumberJson,
  errors: ['FIELD_REQUIRED', 'FIELD_INVALID', 'FIELDS_INVALID', 'ACCESS_NUMBER_TAKEN', 'OPERATOR_REQUIRED'],
  async handle(request, _reply, { desk }) {
    const { number, shared = false } = request.body as Static<typeof AddBody>;
    return toAccessNumber(await putInService(desk, callerOf(request), { number, isShared: shared }));
  },
});

export const removeAccessNumberRoute = defineV1({
  method: 'DELETE',
  path: '/v1/access-numbers/:number',
  operationId: 'removeAccessNumber',
  tag: 'administration',
  summary: 'Take a number out of service',
  description: 'One that is shared is for the operator to take away. A repeat fails with ACCESS_NUMBER_NOT_FOUND. Needs the scope `admin`.',
  params,
  answer: Type.Object({ status: Type.Literal('success') }),
  errors: ['ACCESS_NUMBER_NOT_FOUND', 'FIELD_INVALID', 'OPERATOR_REQUIRED'],
  async handle(request, _reply, { desk }) {
    await takeOutOfService(desk, callerOf(request), readParams(request.params, params).number);
    return { status: 'success' };
  },
});
