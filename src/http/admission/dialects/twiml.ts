import type { Admitted, AdmissionAnswer, Call } from '../../../domain/admission.ts';
import type { Bridge } from '../../../domain/bridge.ts';
import type { LegReport } from '../../../domain/leg.ts';
import type { AdmissionDialect, EngineRequest, Rendered } from '../dialect.ts';
import { Form } from '../form.ts';
import { element, type Xml } from '../xml.ts';
import { checkSignature } from './twiml-signature.ts';

const PROMPTS = 3;
const CODE_DIGITS = 10;
const PROMPT_SECONDS = 10;
/** Of a <Conference> and of a <Dial>: https://www.twilio.com/docs/voice/twiml/conference, /dial */
const [LEAST_PARTICIPANTS, MOST_PARTICIPANTS, LONGEST_SECONDS] = [2, 250, 86_400];
/** What Twilio gives as the number of who withholds it; some of these would pass for a country's: https://help.twilio.com/articles/223179988 */
const WITHHELD = new Set(['+266696687', '+7378742833', '+2562533', '+8566', '+86282452253', '+464']);
const WORDS: Readonly<Record<string, string>> = {
  enterPrompt: 'Please enter your pass code, followed by the pound key.',
  againPrompt: 'That pass code was not recognised.',
  refusedPrompt: 'Goodbye.',
  fullPrompt: 'The conference is full.',
};

/** Twilio, Telnyx, SignalWire and Kazoo: docs/bridges/twiml.md. */
export const twimlDialect: AdmissionDialect = {
  name: 'twiml',
  routes: [
    { kind: 'admission', methods: ['GET', 'POST'], path: '', authenticate: checkSignature, read: readCall, render },
    { kind: 'report', methods: ['GET', 'POST'], path: '/events', authenticate: checkSignature, read: readEvent, render: () => respond() },
  ],
};

function readCall(asked: EngineRequest): Call {
  const form = new Form(asked);
  const caller = form.optional('From');
  return {
    callId: form.required('CallSid'),
    accessNumber: form.optional('To'),
    digits: form.optional('Digits'),
    caller: caller !== undefined && WITHHELD.has(caller) ? undefined : caller,
  };
}

/** What a conference tells besides (its start, its end, somebody muted) is heard and left alone. */
function readEvent(asked: EngineRequest): LegReport[] {
  const form = new Form(asked);
  const [, what] = /^participant-(join|leave)$/.exec(form.optional('StatusCallbackEvent') ?? '') ?? [];
  if (what === undefined) return [];
  const at = Date.parse(form.optional('Timestamp') ?? '');
  return [
    {
      kind: what === 'join' ? 'joined' : 'left',
      conference: form.required('FriendlyName'),
      callId: form.required('CallSid'),
      at: Number.isNaN(at) ? undefined : at,
    },
  ];
}

function render(answer: AdmissionAnswer, asked: EngineRequest, bridge: Bridge): Rendered {
  switch (answer.action) {
    case 'accept':
      return respond(dial(answer, asked, bridge));
    case 'request_pass_code':
      return respond(...ask(asked, bridge, 'enterPrompt'));
    case 'reject':
      if (answer.triesLeft > 0) return respond(say(bridge, 'againPrompt'), ...ask(asked, bridge, 'enterPrompt'));
      return respond(say(bridge, answer.reason === 'conference_full' ? 'fullPrompt' : 'refusedPrompt'), element('Hangup'));
    case 'drop':
      return respond(say(bridge, 'againPrompt'), say(bridge, 'refusedPrompt'), element('Hangup'));
  }
}

/** Asked again a few times while nothing is keyed; then the call ends. */
function ask(asked: EngineRequest, bridge: Bridge, prompt: string): Xml[] {
  const gather = element(
    'Gather',
    {
      input: bridge.settings.flavour === 'kazoo' ? undefined : 'dtmf',
      numDigits: CODE_DIGITS,
      finishOnKey: '#',
      timeout: PROMPT_SECONDS,
      action: addressOf(asked, bridge),
      method: 'POST',
    },
    say(bridge, prompt),
  );
  return [...Array.from({ length: PROMPTS }, () => gather), say(bridge, 'refusedPrompt'), element('Hangup')];
}

function dial({ role, conference, limits }: Admitted, asked: EngineRequest, bridge: Bridge): Xml {
  const { maxParticipants = MOST_PARTICIPANTS, maxDurationSeconds } = limits;
  const isModerator = role === 'moderator';
  return element(
    'Dial',
    { timeLimit: maxDurationSeconds && Math.min(maxDurationSeconds, LONGEST_SECONDS) },
    element(
      'Conference',
      {
        startConferenceOnEnter: !limits.waitForModerator,
        endConferenceOnExit: isModerator && bridge.settings.moderatorLeaves !== 'continues',
        maxParticipants: Math.min(Math.max(maxParticipants, LEAST_PARTICIPANTS), MOST_PARTICIPANTS),
        statusCallbackEvent: 'join leave',
        statusCallback: `${addressOf(asked, bridge)}/events`,
        statusCallbackMethod: 'POST',
      },
      conference,
    ),
  );
}

/** As the provider reaches it: behind a proxy it is not what the request says. */
function addressOf({ url }: EngineRequest, { settings }: Bridge): string {
  return `${settings.publicUrl}${url.split('?', 1)[0]?.replace(/\/$/, '')}`;
}

function say({ settings }: Bridge, prompt: string): Xml {
  return element('Say', { language: settings.language }, settings[prompt] ?? WORDS[prompt]);
}

function respond(...verbs: Xml[]): Rendered {
  return { status: 200, contentType: 'text/xml; charset=utf-8', body: element('Response', {}, ...verbs).text };
}
