import type { AdmissionAnswer, Call } from '../../../domain/admission.ts';
import { fieldsInvalid } from '../../../domain/errors.ts';
import type { LegReport } from '../../../domain/leg.ts';
import type { AdmissionDialect, EngineRequest, Rendered } from '../dialect.ts';
import { Form } from '../form.ts';

/** https://docs.asterisk.org/Asterisk_22_Documentation/API_Documentation/Dialplan_Functions/CALLERID: num-pres. */
const WITHHELD = /^(prohib|unavailable)/i;

/** For the dialplan function CURL: one line, whose fields CUT can take apart. docs/bridges/asterisk.md. */
export const asteriskDialect: AdmissionDialect = {
  name: 'asterisk',
  routes: [
    { kind: 'admission', methods: ['GET', 'POST'], path: '', read: readCall, render },
    { kind: 'report', methods: ['GET', 'POST'], path: '/events', read: readEvent, render: () => line('ok') },
  ],
};

function readCall(asked: EngineRequest): Call {
  const form = new Form(asked);
  return {
    callId: form.required('call'),
    accessNumber: form.optional('number'),
    digits: form.optional('code'),
    // A channel may have a number that its caller forbids to show.
    caller: WITHHELD.test(form.optional('presentation') ?? '') ? undefined : form.optional('caller'),
  };
}

/** Role, conference, whether to wait and for how many seconds at most; what is empty at the end is left out. */
function render(answer: AdmissionAnswer): Rendered {
  if (answer.action === 'reject' && answer.reason === 'conference_full') return line('full');
  if (answer.action !== 'accept') return line('deny');
  const { role, conference, limits } = answer;
  const fields = [role, conference, limits.waitForModerator ? 'wait' : '', limits.maxDurationSeconds ?? ''];
  return line(fields.join(',').replace(/,+$/, ''));
}

function readEvent(asked: EngineRequest): LegReport[] {
  const form = new Form(asked);
  const event = form.required('event');
  if (event !== 'joined' && event !== 'left') {
    throw fieldsInvalid([{ field: 'event', code: 'FIELD_INVALID', message: 'must be joined or left' }]);
  }
  return [{ kind: event, conference: form.required('conference'), callId: form.required('call'), at: undefined }];
}

function line(body: string): Rendered {
  return { status: 200, contentType: 'text/plain; charset=utf-8', body };
}
