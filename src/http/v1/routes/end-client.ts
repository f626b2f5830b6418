import { type Static, Type } from 'typebox';
import { fieldsInvalid } from '../../../domain/errors.ts';
import type { ClientId } from '../../../domain/ids.ts';
import { readOptionalText } from '../../../domain/text.ts';
import { eraseClient } from '../../../operations/clients/erase-client.ts';
import { findClientRecord } from '../../../operations/clients/find-client-record.ts';
import { cancelTermination, terminateClient } from '../../../operations/clients/terminate-client.ts';
import { callerOf } from '../../auth.ts';
import { id, readParams } from '../query.ts';
import { ClientJson, toClient } from '../record-json.ts';
import { defineV1 } from '../route.ts';

const params = { clientId: id<ClientId>('The clientId that provision gave.') };

const TerminateBody = Type.Object(
  {
    reason: Type.Optional(
      Type.Unsafe<string | null>({
        type: ['string', 'null'],
        'x-rule': 'optionalText',
        description: 'Why, for the audit.',
        examples: ['Contract ended'],
      }),
    ),
    at: Type.Optional(
      Type.Unsafe<string | null>({
        type: ['string', 'null'],
        'x-rule': 'time',
        description: 'A time to come, RFC 3339. Left out: now.',
        examples: ['2036-01-31T00:00:00Z'],
      }),
    ),
  },
  { 'x-rule': 'object', additionalProperties: false },
);

export const terminateClientRoute = defineV1({
  method: 'POST',
  path: '/v1/clients/:clientId/terminate',
  operationId: 'terminateClient',
  tag: 'clients',
  summary: 'End a client for good',
  description:
    'Now, or at a time to come, until when it can be taken back. Its codes open nothing any more, and its `externalId` is not used again. A repeat is a success; another time ' +
    'or reason replaces the one before.',
  params,
  body: TerminateBody,
  answer: ClientJson,
  errors: ['CLIENT_NOT_FOUND', 'CLIENT_TERMINATED', 'FIELD_INVALID'],
  asksPlatform: true,
  async handle(request, _reply, { platform, store, now }) {
    const { clientId } = readParams(request.params, params);
    const { reason, at } = request.body as Static<typeof TerminateBody>;
    const dueAt = at ? Date.parse(at) : undefined;
    if (dueAt !== undefined && dueAt <= now())
      throw fieldsInvalid([{ field: 'at', code: 'FIELD_INVALID', message: 'must be a time to come; leave it out to end the client now' }]);
    const caller = callerOf(request);
    await terminateClient(platform, caller, clientId, { reason: readOptionalText(reason) ?? undefined, dueAt });
    return toClient(await findClientRecord(store, caller, { clientId }));
  },
});

export const cancelTerminationRoute = defineV1({
  method: 'POST',
  path: '/v1/clients/:clientId/cancel-termination',
  operationId: 'cancelTermination',
  tag: 'clients',
  summary: 'Take back a termination that has not happened yet',
  description: 'Where there is none this is a success and changes nothing.',
  params,
  answer: ClientJson,
  errors: ['CLIENT_NOT_FOUND', 'FIELD_INVALID'],
  async handle(request, _reply, { platform, store }) {
    const { clientId } = readParams(request.params, params);
    const caller = callerOf(request);
    await cancelTermination(platform, caller, clientId);
    return toClient(await findClientRecord(store, caller, { clientId }));
  },
});

export const eraseClientRoute = defineV1({
  method: 'POST',
  path: '/v1/clients/:clientId/erase',
  operationId: 'eraseClient',
  tag: 'clients',
  summary: 'Forget the person',
  description:
    'Names, addresses, password and codes are gone from the record, the search and the audit, for good; the client is ended. What stays is a tombstone: the ids, and that and when ' +
    'it was erased. Backups that were made before still have the person. A repeat is a success. Needs the scope `admin`.',
  params,
  answer: Type.Object({
    clientId: Type.Integer(),
    externalId: Type.Integer(),
    status: Type.Literal('erased'),
    erasedAt: Type.String({ format: 'date-time' }),
  }),
  errors: ['CLIENT_NOT_FOUND', 'FIELD_INVALID'],
  asksPlatform: true,
  async handle(request, _reply, { platform, store }) {
    const { clientId } = readParams(request.params, params);
    const caller = callerOf(request);
    await eraseClient(platform, caller, clientId);
    const { externalId, status, updatedAt } = await findClientRecord(store, caller, { clientId });
    return { clientId, externalId, status, erasedAt: new Date(updatedAt).toISOString() };
  },
});
