import type { Admitted, AdmissionAnswer, Call } from '../../../domain/admission.ts';
import type { Bridge } from '../../../domain/bridge.ts';
import type { Aside, EngineRequest, Rendered } from '../dialect.ts';
import { Form } from '../form.ts';
import { element, type Xml } from '../xml.ts';
import { callerOf, flagsOf, profileOf, targetOf } from './freeswitch-conference.ts';

const PROMPTS = 3;

export function readHttapi(asked: EngineRequest): Call | Aside {
  const form = new Form(asked, { takesLast: true });
  const callId = form.required('session_id');
  const conference = form.optional('conference');
  // Without a conference FreeSWITCH has not got the answer that let the call in, if there was one.
  const reports: Aside['reports'] =
    conference === undefined ? [{ kind: 'call_ended', callId }] : [{ kind: 'left', conference, callId, at: undefined }];
  if (form.optional('exiting') === 'true') return { reports, answer: { status: 200, contentType: 'text/plain', body: 'OK' } };
  // Back from the conference with the call still up: it has ended, or somebody was thrown out.
  if (conference !== undefined) return { reports, answer: respond({}, element('hangup')) };
  return {
    callId,
    accessNumber: form.optional('Caller-Destination-Number'),
    digits: form.optional('input_type') === 'invalid' ? undefined : form.optional('passcode'),
    caller: callerOf(form),
  };
}

export function renderHttapi(answer: AdmissionAnswer, asked: EngineRequest, bridge: Bridge): Rendered {
  if (answer.action === 'accept') return enter(answer, bridge);
  const wrong = element('playback', { file: bridge.settings.wrongSound ?? 'conference/conf-bad-pin.wav' });
  if (answer.action === 'request_pass_code') {
    const prompted = Number(new Form(asked, { takesLast: true }).optional('prompts') ?? 0);
    return prompted < PROMPTS ? respond({ prompts: prompted + 1 }, prompt(bridge)) : respond({}, element('hangup'));
  }
  if (answer.action === 'reject' && answer.reason === 'conference_full')
    return respond({}, element('playback', { file: bridge.settings.fullSound ?? 'conference/conf-locked.wav' }), element('hangup'));
  if (answer.action === 'reject' && answer.triesLeft > 0) return respond({ prompts: 1 }, wrong, prompt(bridge));
  return respond({}, wrong, element('hangup'));
}

function prompt({ settings }: Bridge): Xml {
  const file = settings.enterSound ?? 'conference/conf-pin.wav';
  return element(
    'playback',
    { name: 'passcode', file, loops: 1, 'digit-timeout': 3_000, 'input-timeout': 5_000 },
    // `=` first: the digits are compared when `#` has come. The others when nothing more comes.
    element('bind', { strip: '#' }, String.raw`=~^\d+#$`),
    element('bind', {}, String.raw`~^\d{10}$`),
  );
}

/** The tag alone needs no permission that FreeSWITCH does not give by default; the application keeps the duration too. */
function enter(admitted: Admitted, bridge: Bridge): Rendered {
  const { conference, limits } = admitted;
  const parameters = { conference };
  if (bridge.settings.executesApps !== 'yes') {
    return respond(
      parameters,
      element('conference', { profile: profileOf(admitted, bridge), flags: flagsOf(admitted, bridge) }, conference),
    );
  }
  const execute = (application: string, data: string): Xml => element('execute', { application, data });
  const { maxDurationSeconds: seconds } = limits;
  const ends = seconds === undefined ? [] : [execute('sched_hangup', `+${seconds} allotted_timeout`)];
  return respond(parameters, ...ends, execute('conference', targetOf(admitted, bridge)));
}

/** FreeSWITCH brings the parameters back with each later request of the call. */
function respond(parameters: Readonly<Record<string, string | number>>, ...work: Xml[]): Rendered {
  const params = Object.entries(parameters).map(([name, value]) => element(name, {}, value));
  const document = element(
    'document',
    { type: 'xml/freeswitch-httapi' },
    params.length === 0 ? undefined : element('params', {}, ...params),
    element('work', {}, ...work),
  );
  return { status: 200, contentType: 'text/xml', body: document.text };
}
