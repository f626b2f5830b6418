import { createHmac, randomInt } from 'node:crypto';
import type { AdmissionAnswer, Call } from '../../../domain/admission.ts';
import type { Aside, AdmissionDialect, EngineRequest, Rendered } from '../dialect.ts';
import { Form } from '../form.ts';

/** `1234567890@meet.example.com`, with a scheme or without a host. */
const ALIAS = /^(?:(?:sips?|h323):)?([1-9]\d{9})(?:@[^@]*)?$/i;
/** Never "continue", which would look in Pexip's own database: https://docs.pexip.com/admin/external_policy_requests.htm */
const REJECT = json({ status: 'success', action: 'reject' });

/** Pexip Infinity's external policy: docs/bridges/pexip.md. */
export const pexipDialect: AdmissionDialect = {
  name: 'pexip',
  routes: [
    { kind: 'admission', methods: ['GET'], path: '/policy/v1/service/configuration', read: readCall, render: renderService },
    { kind: 'admission', methods: ['GET'], path: '/policy/v1/participant/properties', read: readCall, render: renderParticipant },
  ],
};

/** Other aliases are for others to know, and no guesses. */
function readCall(asked: EngineRequest): Call | Aside {
  const form = new Form(asked);
  const digits = ALIAS.exec(form.optional('local_alias') ?? '')?.[1];
  const isIncoming = form.optional('call_direction') === 'dial_in';
  if (digits === undefined || !isIncoming) return { reports: [], answer: REJECT };
  return { callId: callIdOf(asked, form), accessNumber: undefined, digits, caller: form.optional('remote_alias') };
}

/** Both questions of one call, and the two that a browser's makes, have these in common. Keyed, because they hold the code and who calls. */
function callIdOf({ headers, params }: EngineRequest, form: Form): string {
  const told = ['local_alias', 'remote_alias', 'remote_display_name', 'remote_address'].map((name) => form.raw(name));
  return createHmac('sha256', headers.authorization ?? params.token ?? '')
    .update(JSON.stringify(told))
    .digest('hex');
}

/** With a pin that nobody is told, and guests: who comes in is what renderParticipant says, and guests wait for a host. */
function renderService(answer: AdmissionAnswer): Rendered {
  if (answer.action !== 'accept') return REJECT;
  const { conference, client, limits } = answer;
  return json({
    status: 'success',
    result: {
      service_type: 'conference',
      name: conference,
      service_tag: String(client.externalId),
      pin: Array.from({ length: 20 }, () => randomInt(10)).join(''),
      allow_guests: true,
      participant_limit: limits.maxParticipants,
    },
  });
}

function renderParticipant(answer: AdmissionAnswer): Rendered {
  if (answer.action !== 'accept') return REJECT;
  return json({ status: 'success', result: { preauthenticated_role: answer.role === 'moderator' ? 'chair' : 'guest' } });
}

function json(body: object): Rendered {
  return { status: 200, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}
