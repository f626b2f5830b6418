import { randomUUID } from 'node:crypto';
import { type AdmissionAnswer, type Call, cleanDigits } from '../../../domain/admission.ts';
import type { Bridge } from '../../../domain/bridge.ts';
import { describeNumber } from '../../../domain/phone-number.ts';
import type { Aside, AdmissionDialect, EngineRequest, Rendered } from '../dialect.ts';
import { Form } from '../form.ts';
import { jitsiReservations } from './jitsi-reservations.ts';
import { renderToken } from './jitsi-token.ts';

const NOT_FOUND = 'No conference mapping was found';

/** Jitsi Meet's mapper of codes to rooms, its list of numbers, its reservations and tokens for its rooms: docs/bridges/jitsi.md. */
export const jitsiDialect: AdmissionDialect = {
  name: 'jitsi',
  routes: [
    { kind: 'admission', methods: ['GET'], path: '/conferenceMapper', read: readMapping, render: renderMapping },
    { kind: 'numbers', methods: ['GET'], path: '/phoneNumberList', render: renderNumbers },
    ...jitsiReservations,
    { kind: 'admission', methods: ['GET', 'POST'], path: '/token', read: readCode, render: renderToken },
  ],
};

/** A room's code is told to nobody: who asks by the room, as the web page does, hears that there is none. */
function readMapping(asked: EngineRequest, bridge: Bridge): Call | Aside {
  const form = new Form(asked);
  const id = cleanDigits(form.optional('id'));
  if (id !== undefined && /^[1-9]\d{0,14}$/.test(id)) {
    return { callId: form.optional('call') ?? randomUUID(), accessNumber: undefined, digits: id, caller: undefined };
  }
  const conference = form.optional('conference');
  if (id === undefined && conference === undefined) {
    return aside(bridge, 405, { message: 'No conference or id provided', conference: false, id: false });
  }
  return aside(bridge, 200, { message: NOT_FOUND, id: false, conference: conference ?? false });
}

function renderMapping(answer: AdmissionAnswer, asked: EngineRequest, bridge: Bridge): Rendered {
  const id = Number(cleanDigits(new Form(asked).optional('id')));
  if (answer.action !== 'accept') return json(200, { message: NOT_FOUND, id, conference: false });
  const conference = `${answer.conference}@${bridge.settings.muc}`;
  return json(200, { message: 'Successfully retrieved conference mapping', id, conference });
}

function renderNumbers(numbers: readonly string[], bridge: Bridge): Rendered {
  const listed = numbers.map((number) => {
    const { country, isTollFree, international } = describeNumber(number);
    return { countryCode: country ?? '', tollFree: isTollFree, formattedNumber: international };
  });
  return json(200, listed, forThePage(bridge));
}

function readCode(asked: EngineRequest, bridge: Bridge): Call | Aside {
  if (bridge.secrets.appSecret === undefined)
    return { reports: [], answer: json(404, { message: 'This bridge signs no tokens: it has no appSecret.' }) };
  const form = new Form(asked);
  return { callId: form.optional('call') ?? randomUUID(), accessNumber: undefined, digits: form.optional('code'), caller: undefined };
}

function aside(bridge: Bridge, status: number, body: object): Aside {
  return { reports: [], answer: json(status, body, forThePage(bridge)) };
}

/** Jitsi's page asks from the browser. */
function forThePage({ settings }: Bridge): Record<string, string> {
  return { 'access-control-allow-origin': new URL(settings.url ?? '').origin };
}

function json(status: number, body: object, headers: Record<string, string> = {}): Rendered {
  return { status, contentType: 'application/json; charset=utf-8', headers, body: JSON.stringify(body) };
}
