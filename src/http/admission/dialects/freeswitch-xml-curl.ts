import type { Admitted, AdmissionAnswer, Call } from '../../../domain/admission.ts';
import type { Bridge } from '../../../domain/bridge.ts';
import type { Aside, EngineRequest, Rendered } from '../dialect.ts';
import { Form } from '../form.ts';
import { element, type Xml } from '../xml.ts';
import { targetOf } from './freeswitch-conference.ts';

/** Other destinations are for others to know, and no guesses. */
const PASS_CODE = /^[1-9]\d{9}$/;
const NOT_FOUND = section('result', {}, element('result', { status: 'not found' }));

export function readDialplan(asked: EngineRequest): Call | Aside {
  const form = new Form(asked, { takesLast: true });
  const digits = form.firstOf('Hunt-Destination-Number', 'Caller-Destination-Number', 'destination_number');
  if (form.optional('section') !== 'dialplan' || digits === undefined || !PASS_CODE.test(digits)) return { reports: [], answer: NOT_FOUND };
  return {
    callId: form.firstOf('Unique-ID', 'uuid') ?? form.required('Unique-ID'),
    accessNumber: undefined,
    digits,
    caller: form.firstOf('Caller-Caller-ID-Number', 'Hunt-Caller-ID-Number', 'caller_id_number'),
  };
}

export function renderDialplan(answer: AdmissionAnswer, asked: EngineRequest, bridge: Bridge): Rendered {
  if (answer.action !== 'accept') return NOT_FOUND;
  const form = new Form(asked, { takesLast: true });
  const context = form.firstOf('Hunt-Context', 'Caller-Context', 'context') ?? 'default';
  const extension = element('extension', { name: 'parley' }, element('condition', {}, ...actionsOf(answer, bridge)));
  return section('dialplan', { description: 'Parley' }, element('context', { name: context }, extension));
}

function actionsOf(admitted: Admitted, bridge: Bridge): Xml[] {
  const { maxDurationSeconds } = admitted.limits;
  const action = (application: string, data?: string) => element('action', { application, data });
  return [
    action('answer'),
    ...(maxDurationSeconds === undefined ? [] : [action('sched_hangup', `+${maxDurationSeconds} allotted_timeout`)]),
    action('conference', targetOf(admitted, bridge)),
    action('hangup'),
  ];
}

function section(name: string, attributes: Readonly<Record<string, string>>, content: Xml): Rendered {
  const document = element('document', { type: 'freeswitch/xml' }, element('section', { name, ...attributes }, content));
  return { status: 200, contentType: 'text/xml', body: document.text };
}
