import { Type } from 'typebox';
import type { ClientId } from '../../../domain/ids.ts';
import { readInvitation } from '../../../operations/clients/read-invitation.ts';
import { writeInvitation } from '../../../operations/hub/invitation.ts';
import { LANGUAGES } from '../../../texts/texts.ts';
import { callerOf } from '../../auth.ts';
import { id, oneOf, readParams, readQuery } from '../query.ts';
import { defineV1 } from '../route.ts';

const params = { clientId: id<ClientId>('The clientId that provision gave.') };
const query = { language: oneOf(LANGUAGES, 'In which the text is written. Left out: English.') };

export const readInvitationRoute = defineV1({
  method: 'GET',
  path: '/v1/clients/:clientId/invitation',
  operationId: 'readInvitation',
  tag: 'clients',
  summary: 'What a client sends to guests',
  description:
    'The numbers to dial, the pass code of participants (never that of moderators) and the same as a text to send. Needs the scope `provision`, which sees codes. The audit notes each call as `client.looked_up`.',
  params,
  query,
  answer: Type.Object({
    clientId: Type.Integer(),
    subject: Type.String(),
    text: Type.String({ description: 'Plain text, with line feeds.' }),
    link: Type.String({ format: 'uri', description: "The company's hub." }),
    participantPassCode: Type.String(),
    numbers: Type.Array(
      Type.Object({
        number: Type.String({ description: 'E.164.' }),
        display: Type.String({ description: 'As people write it.' }),
        country: Type.Union([Type.String(), Type.Null()], { description: 'ISO 3166 alpha-2; null for a number of no one country.' }),
        isTollFree: Type.Boolean(),
        oneTap: Type.String({ description: 'A link that dials the number and keys in the code.' }),
      }),
    ),
  }),
  errors: ['CLIENT_NOT_FOUND', 'CLIENT_INACTIVE', 'CLIENT_TERMINATED', 'FIELD_INVALID'],
  async handle(request, reply, { desk }) {
    const { clientId } = readParams(request.params, params);
    const { language = LANGUAGES[0] } = readQuery(request.query, query);
    const invitation = await readInvitation(desk, callerOf(request), clientId);
    void reply.header('cache-control', 'no-store');
    const { link, passCode, numbers } = invitation;
    return {
      clientId,
      ...writeInvitation(invitation, language),
      link,
      participantPassCode: passCode,
      numbers: numbers.map(({ number, shown, country, isTollFree, oneTap }) => ({
        number,
        display: shown,
        country: country ?? null,
        isTollFree,
        oneTap,
      })),
    };
  },
});
