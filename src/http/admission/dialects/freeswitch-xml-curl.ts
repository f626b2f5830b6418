import type { Admitted, AdmissionAnswer, Call } from '../../../domain/admission.ts';
import type { Bridge } from '../../../domain/bridge.ts';
import type { Aside, EngineRequest, Rendered } from '../dialect.ts';
import { Form } from '../form.ts';
import { element, type Xml } from '../xml.ts';
import { callerOf, targetOf } from './freeswitch-conference.ts';

/** Other destinations are for others to know, and no guesses. */
const PASS_CODE = /^[1-9]\d{9}$/;
const STANDARD_CONTEXT = 'conferences';
const NOT_FOUND = section('result', {}, element('result', { status: 'not found' }));

export function readDialplan(asked: EngineRequest, { settings }: Bridge): Call | Aside {
  const form = new Form(asked, { takesLast: true });
  const digits = form.firstOf('Hunt-Destination-Number', 'Caller-Destination-Number', 'destination_number');
  // FreeSWITCH asks for every context that it has: in the others such a number is somebody's telephone.
  const isOurs = form.optional('section') === 'dialplan' && contextOf(form) === (settings.context ?? STANDARD_CONTEXT);
  if (!isOurs || digits === undefined || !PASS_CODE.test(digits)) return { reports: [], answer: NOT_FOUND };
  return {
    callId: form.firstOf('Unique-ID', 'uuid') ?? form.required('Unique-ID'),
    accessNumber: undefined,
    digits,
    caller: callerOf(form),
  };
}

export function renderDialplan(answer: AdmissionAnswer, asked: EngineRequest, bridge: Bridge): Rendered {
  if (answer.action !== 'accept') return NOT_FOUND;
  const context = contextOf(new Form(asked, { takesLast: true }));
  const extension = element('extension', { name: 'parley' }, element('condition', {}, ...actionsOf(answer, bridge)));
  return section('dialplan', { description: 'Parley' }, element('context', { name: context ?? STANDARD_CONTEXT }, extension));
}

function contextOf(form: Form): string | undefined {
  return form.firstOf('Hunt-Context', 'Caller-Context', 'context');
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
