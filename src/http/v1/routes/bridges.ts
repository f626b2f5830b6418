import { type Static, Type } from 'typebox';
import { DIALECT_NAMES } from '../../../domain/bridge.ts';
import { fieldsInvalid } from '../../../domain/errors.ts';
import { Secret } from '../../../domain/secret.ts';
import { addBridge, changeBridge, endBridge, getBridge, listBridges, renewBridge } from '../../../operations/bridges/administer-bridges.ts';
import { callerOf } from '../../auth.ts';
import { BridgeJson, CredentialJson, toBridge } from '../administration-json.ts';
import { IDEMPOTENCY_HEADER, readIdempotency } from '../idempotency.ts';
import { id, readParams } from '../query.ts';
import { defineV1 } from '../route.ts';

const params = { bridgeId: id<number>('From the list.') };

const given = (description: string, example: object) =>
  Type.Optional(
    Type.Unsafe<Record<string, string>>({
      type: 'object',
      'x-rule': 'texts',
      additionalProperties: { type: 'string', 'x-rule': 'value' },
      description,
      examples: [example],
    }),
  );

const CreateBody = Type.Object(
  {
    name: Type.String({ 'x-rule': 'text', description: 'New among the bridges of the tenant.', examples: ['Asterisk in Montreal'] }),
    dialect: Type.Unsafe<string>({ type: 'string', 'x-rule': 'dialect', enum: DIALECT_NAMES, description: 'How it asks.' }),
    settings: given('By name. What there is depends on the dialect: see its guide.', { region: 'CA' }),
    secrets: given("The engine's own, by name. They are sealed, and shown to nobody.", {}),
    shared: Type.Optional(
      Type.Boolean({
        'x-rule': 'flag',
        description: 'Whether it opens the conferences of all tenants, which is for the operator to say. Left out: false.',
      }),
    ),
  },
  { 'x-rule': 'object', additionalProperties: false },
);

export const listBridgesRoute = defineV1({
  method: 'GET',
  path: '/v1/bridges',
  operationId: 'listBridges',
  tag: 'administration',
  summary: 'Conferencing bridges that may ask whose pass code it is',
  description:
    "The tenant's and, for the operator, those that all tenants share; the oldest first, those that are revoked too. Credentials and secrets are in none of these. Needs the scope `admin`.",
  answer: Type.Object({ items: Type.Array(BridgeJson), next: Type.Null() }),
  errors: ['FIELD_INVALID'],
  async handle(request, _reply, { desk }) {
    return { items: (await listBridges(desk, callerOf(request))).map(toBridge), next: null };
  },
});

export const createBridgeRoute = defineV1({
  method: 'POST',
  path: '/v1/bridges',
  operationId: 'createBridge',
  tag: 'administration',
  summary: 'Let a bridge ask',
  description:
    'Answers with its credential, this once. A name that is taken is refused; send an `Idempotency-Key` to be able to repeat the call after a lost answer. An address that this server calls itself is for the operator to set. Needs the scope `admin`.',
  body: CreateBody,
  requestHeaders: IDEMPOTENCY_HEADER,
  answer: Type.Intersect([BridgeJson, Type.Object({ credential: CredentialJson })]),
  errors: ['FIELD_REQUIRED', 'FIELD_INVALID', 'FIELDS_INVALID', 'OPERATOR_REQUIRED', 'BRIDGE_EXISTS', 'IDEMPOTENCY_KEY_REUSED'],
  async handle(request, _reply, { desk }) {
    const { name, dialect, settings = {}, secrets = {}, shared = false } = request.body as Static<typeof CreateBody>;
    const order = { name, dialect, settings, secrets: seal(secrets), isShared: shared, key: readIdempotency(request) };
    const { bridge, credential } = await addBridge(desk, callerOf(request), order);
    return { ...toBridge(bridge), credential: credential.reveal() };
  },
});

export const getBridgeRoute = defineV1({
  method: 'GET',
  path: '/v1/bridges/:bridgeId',
  operationId: 'getBridge',
  tag: 'administration',
  summary: 'One bridge',
  description: 'Without its credential and secrets. Needs the scope `admin`.',
  params,
  answer: BridgeJson,
  errors: ['BRIDGE_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { desk }) {
    return toBridge(await getBridge(desk, callerOf(request), readParams(request.params, params).bridgeId));
  },
});

const changed = (description: string, example: object) =>
  Type.Optional(
    Type.Unsafe<Record<string, string | null>>({
      type: 'object',
      'x-rule': 'texts',
      additionalProperties: { type: ['string', 'null'], 'x-rule': 'value' },
      description,
      examples: [example],
    }),
  );

const UpdateBody = Type.Object(
  {
    settings: changed('What is not named stays; null takes a setting away.', { region: 'US' }),
    secrets: changed('What is not named stays; null takes a secret away.', {}),
  },
  { 'x-rule': 'object', additionalProperties: false },
);

export const updateBridgeRoute = defineV1({
  method: 'PATCH',
  path: '/v1/bridges/:bridgeId',
  operationId: 'updateBridge',
  tag: 'administration',
  summary: "Change a bridge's settings and secrets",
  description:
    'Running servers follow within a second. A repeat changes nothing. An address that this server calls itself is for the operator to set. Needs the scope `admin`.',
  params,
  body: UpdateBody,
  answer: BridgeJson,
  errors: ['BRIDGE_NOT_FOUND', 'FIELD_REQUIRED', 'FIELD_INVALID', 'OPERATOR_REQUIRED'],
  async handle(request, _reply, { desk }) {
    const { settings, secrets } = request.body as Static<typeof UpdateBody>;
    if (settings === undefined && secrets === undefined)
      throw fieldsInvalid([{ field: 'settings', code: 'FIELD_REQUIRED', message: 'or secrets is required: say what is to be changed' }]);
    const changes = { settings: settings ?? {}, secrets: seal(secrets ?? {}) };
    return toBridge(await changeBridge(desk, callerOf(request), { bridgeId: readParams(request.params, params).bridgeId, changes }));
  },
});

export const rotateBridgeCredentialRoute = defineV1({
  method: 'POST',
  path: '/v1/bridges/:bridgeId/rotate-credential',
  operationId: 'rotateBridgeCredential',
  tag: 'administration',
  summary: 'Another credential for a bridge',
  description:
    'Shown this once. The one before opens nothing within a second, on every node. Each call makes another: send an `Idempotency-Key` to be able to repeat one. Needs the scope `admin`.',
  params,
  requestHeaders: IDEMPOTENCY_HEADER,
  answer: Type.Object({ bridgeId: Type.Integer(), credential: CredentialJson }),
  errors: ['BRIDGE_NOT_FOUND', 'FIELD_INVALID', 'IDEMPOTENCY_KEY_REUSED'],
  async handle(request, _reply, { desk }) {
    const { bridgeId } = readParams(request.params, params);
    const credential = await renewBridge(desk, callerOf(request), { bridgeId, key: readIdempotency(request) });
    return { bridgeId, credential: credential.reveal() };
  },
});

export const revokeBridgeRoute = defineV1({
  method: 'DELETE',
  path: '/v1/bridges/:bridgeId',
  operationId: 'revokeBridge',
  tag: 'administration',
  summary: 'End a bridge',
  description:
    'Its credential opens nothing any more, on every node within a second, and its secrets are forgotten. A repeat is a success. Needs the scope `admin`.',
  params,
  answer: Type.Object({ status: Type.Literal('success') }),
  errors: ['BRIDGE_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { desk }) {
    await endBridge(desk, callerOf(request), readParams(request.params, params).bridgeId);
    return { status: 'success' };
  },
});

function seal<T extends string | null>(secrets: Readonly<Record<string, T>>): Record<string, Exclude<T, string> | Secret> {
  const entries = Object.entries(secrets).map(([name, value]) => [name, typeof value === 'string' ? new Secret(value) : value]);
  return Object.fromEntries(entries) as Record<string, Exclude<T, string> | Secret>;
}
