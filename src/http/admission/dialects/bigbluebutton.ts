import { randomUUID } from 'node:crypto';
import { joinMeeting } from '../../../engine/big-blue-button.ts';
import type { AdmissionAnswer, Call } from '../../../domain/admission.ts';
import type { Bridge } from '../../../domain/bridge.ts';
import { nameIn } from '../display-name.ts';
import type { AdmissionDialect, EngineRequest, Rendered, RenderTools } from '../dialect.ts';
import { Form } from '../form.ts';
import { element, type Xml } from '../xml.ts';

/** A page that takes the pass code and leads into the meeting: docs/bridges/bigbluebutton.md. */
export const bigbluebuttonDialect: AdmissionDialect = {
  name: 'bigbluebutton',
  routes: [{ kind: 'admission', methods: ['GET', 'POST'], path: '/join', read: readCall, render }],
};

function readCall(asked: EngineRequest): Call {
  const form = new Form(asked);
  return { callId: form.optional('call') ?? randomUUID(), accessNumber: undefined, digits: form.optional('code'), caller: undefined };
}

async function render(answer: AdmissionAnswer, asked: EngineRequest, bridge: Bridge, { engines }: RenderTools): Promise<Rendered> {
  switch (answer.action) {
    case 'accept': {
      const location = await joinMeeting(engines, bridge, answer, nameIn(asked));
      return { status: 302, contentType: 'text/html; charset=utf-8', headers: { location, 'referrer-policy': 'no-referrer' }, body: '' };
    }
    case 'request_pass_code':
      return page(200, bridge);
    case 'reject':
    case 'drop': {
      const isFull = answer.action === 'reject' && answer.reason === 'conference_full';
      return page(403, bridge, isFull ? 'The conference is full.' : 'That pass code was not recognised.');
    }
  }
}

function page(status: number, { settings }: Bridge, problem?: string): Rendered {
  const field = (label: string, attributes: Record<string, string>): Xml =>
    element('p', {}, element('label', {}, `${label} `, element('input', { required: 'required', ...attributes })));
  const form = element(
    'form',
    { method: 'post' },
    field('Your name', { name: 'name', maxlength: '64', autocomplete: 'name' }),
    field('Pass code', { name: 'code', inputmode: 'numeric', maxlength: '20', autocomplete: 'off' }),
    element('p', {}, element('button', {}, 'Join')),
  );
  const body = element(
    'body',
    {},
    element('h1', {}, 'Join the conference'),
    problem === undefined ? undefined : element('p', { role: 'alert' }, problem),
    form,
  );
  const head = element('head', {}, element('meta', { charset: 'utf-8' }), element('title', {}, 'Join the conference'));
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    headers: {
      // The answer to the form leads to the meeting, which browsers count as part of the form.
      'content-security-policy': `default-src 'none'; form-action 'self' ${new URL(settings.url ?? '').origin}; frame-ancestors 'none'; base-uri 'none'`,
      'referrer-policy': 'no-referrer',
    },
    body: `<!doctype html>${element('html', { lang: 'en' }, head, body).text}`,
  };
}
