import { type Static, Type } from 'typebox';
import type { ClientId } from '../../../domain/ids.ts';
import { rotatePassCodes } from '../../../operations/clients/rotate-pass-codes.ts';
import { callerOf } from '../../auth.ts';
import { IDEMPOTENCY_HEADER, readIdempotency } from '../idempotency.ts';
import { id, readParams } from '../query.ts';
import { defineV1 } from '../route.ts';

const STANDARD_OVERLAP_MINUTES = 60;

const params = { clientId: id<ClientId>('The clientId that provision gave.') };

const RotateBody = Type.Object(
  {
    overlapMinutes: Type.Optional(
      Type.Unsafe<number | null>({
        type: ['integer', 'null'],
        'x-rule': 'overlap',
        description: `How long the old pair works as well, 0 to 43200 (30 days). Left out: ${STANDARD_OVERLAP_MINUTES}.`,
        examples: [STANDARD_OVERLAP_MINUTES],
      }),
    ),
  },
  { 'x-rule': 'object', additionalProperties: false },
);

export const rotatePassCodesRoute = defineV1({
  method: 'POST',
  path: '/v1/clients/:clientId/rotate-passcodes',
  operationId: 'rotatePassCodes',
  tag: 'clients',
  summary: 'Another pair of pass codes',
  description:
    'For the same conference. The old pair works until `overlapUntil`, and is never given out again. Provision answers with the new pair from now on. Each call makes another pair: ' +
    'send an `Idempotency-Key` to be able to repeat one.',
  params,
  body: RotateBody,
  requestHeaders: IDEMPOTENCY_HEADER,
  answer: Type.Object({
    clientId: Type.Integer(),
    passCodes: Type.Object({ moderatorPassCode: Type.String(), participantPassCode: Type.String() }),
    overlapUntil: Type.String({ format: 'date-time' }),
  }),
  errors: ['CLIENT_NOT_FOUND', 'CLIENT_TERMINATED', 'FIELD_INVALID', 'IDEMPOTENCY_KEY_REUSED'],
  asksPlatform: true,
  async handle(request, _reply, { platform }) {
    const { clientId } = readParams(request.params, params);
    const { overlapMinutes } = request.body as Static<typeof RotateBody>;
    const overlapMs = (overlapMinutes ?? STANDARD_OVERLAP_MINUTES) * 60_000;
    const rotated = await rotatePassCodes(platform, callerOf(request), clientId, { overlapMs, idempotency: readIdempotency(request) });
    const { moderatorPassCode, participantPassCode, overlapUntil } = rotated;
    return {
      clientId,
      passCodes: { moderatorPassCode: moderatorPassCode.reveal(), participantPassCode: participantPassCode.reveal() },
      overlapUntil: new Date(overlapUntil).toISOString(),
    };
  },
});
