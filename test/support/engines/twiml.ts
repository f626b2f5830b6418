import { generateKeyPairSync, sign as signWith } from 'node:crypto';
import { signTwilio } from '../../../src/http/admission/dialects/twiml-signature.ts';
import type { EngineAnswer, EngineAsks } from '../engines.ts';
import { exchange } from '../raw-http.ts';

export const PUBLIC_URL = 'https://voice.example.com';
export const AUTH_TOKEN = '0123456789abcdef0123456789abcdef';

export const TWILIO = {
  settings: { flavour: 'twilio', publicUrl: PUBLIC_URL },
  secrets: { authToken: AUTH_TOKEN },
};

/** The fields of https://www.twilio.com/docs/voice/twiml#request-parameters, in Twilio's order. */
export function twilioForm({ callId, caller, number, digits }: Record<string, string | undefined>): [string, string][] {
  return [
    ['AccountSid', 'AC00000000000000000000000000000000'],
    ['ApiVersion', '2010-04-01'],
    ['CallSid', callId ?? ''],
    ['CallStatus', 'in-progress'],
    ['Called', number ?? ''],
    ['Caller', caller ?? ''],
    ...(digits === undefined
      ? []
      : ([
          ['Digits', digits],
          ['FinishedOnKey', '#'],
          ['msg', 'Gather End'],
        ] as [string, string][])),
    ['Direction', 'inbound'],
    ['From', caller ?? ''],
    ['To', number ?? ''],
  ];
}

export const twilioAsks: EngineAsks = ({ url }, token, ask) =>
  sendForm(url, `/admission/twiml/k/${token}`, twilioForm({ ...ask }), (path, form) => ({
    'X-Twilio-Signature': signTwilio(AUTH_TOKEN, `${PUBLIC_URL}${path}`, form),
  }));

export const signalwireAsks: EngineAsks = ({ url }, token, ask) =>
  sendForm(url, `/admission/twiml/k/${token}`, twilioForm({ ...ask }), (path, form) => ({
    'X-SignalWire-Signature': signTwilio(AUTH_TOKEN, `${PUBLIC_URL}${path}`, form),
  }));

const TELNYX = generateKeyPairSync('ed25519');
export const TELNYX_PUBLIC_KEY = TELNYX.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');

export const telnyxAsks: EngineAsks = (server, token, ask) =>
  sendForm(server.url, `/admission/twiml/k/${token}`, twilioForm({ ...ask }), (_path, form) => {
    const timestamp = String(Math.floor(server.now() / 1000));
    const signature = signWith(null, Buffer.from(`${timestamp}|${new URLSearchParams(form)}`), TELNYX.privateKey).toString('base64');
    return { 'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': signature };
  });

/** The bytes that Twilio sends. */
export async function sendForm(
  url: string,
  path: string,
  form: [string, string][],
  sign: (path: string, form: [string, string][]) => Record<string, string>,
): Promise<EngineAnswer> {
  const body = new URLSearchParams(form).toString();
  const headers = Object.entries({
    Host: 'voice.example.com',
    'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'User-Agent': 'TwilioProxy/1.1',
    Accept: '*/*',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
    ...sign(path, form),
  });
  const answer = await exchange(url, {
    bytes: `POST ${path} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  });
  if (answer === undefined) throw new Error('no answer');
  return answer;
}
