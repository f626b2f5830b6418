import type { EngineAnswer, EngineAsk, EngineAsks } from '../engines.ts';
import { exchange } from '../raw-http.ts';

export const httapiAsks: EngineAsks = (server, token, ask) => sendHttapi(server.url, token, ask);

/** The bytes of mod_httapi, with `extended-data` permitted: what it was told before comes back with each step. */
export function sendHttapi(url: string, token: string, { digits, callId, caller, number }: EngineAsk, more = {}): Promise<EngineAnswer> {
  const address = `http://parley.example.com/admission/freeswitch/k/${token}/httapi`;
  return sendForm(url, `/admission/freeswitch/k/${token}/httapi`, 'freeswitch-httapi/1.0', {
    hostname: 'fs1',
    session_id: callId,
    url: address,
    ...(digits === undefined ? {} : { input_type: 'dtmf', passcode: digits }),
    'Caller-Caller-ID-Number': caller,
    'Caller-Destination-Number': number,
    ...more,
  });
}

/** The bytes of mod_xml_curl for a dialplan: the code is what was dialled. */
export function sendXmlCurl(
  url: string,
  token: string,
  { digits = '', callId, caller }: Partial<EngineAsk>,
  more = {},
): Promise<EngineAnswer> {
  return sendForm(
    url,
    `/admission/freeswitch/xml-curl`,
    'freeswitch-xml/1.0',
    {
      hostname: 'fs1',
      section: 'dialplan',
      tag_name: '',
      key_name: '',
      key_value: '',
      'Event-Name': 'REQUEST_PARAMS',
      'Caller-Direction': 'inbound',
      'Caller-Caller-ID-Number': caller ?? '',
      'Caller-Destination-Number': digits,
      'Caller-Context': 'conferences',
      'Hunt-Destination-Number': digits,
      'Hunt-Context': 'conferences',
      'Unique-ID': callId ?? '',
      variable_sip_from_user: caller ?? '',
      ...more,
    },
    `Basic ${Buffer.from(`freeswitch:${token}`).toString('base64')}`,
  );
}

async function sendForm(
  url: string,
  path: string,
  agent: string,
  form: Record<string, string>,
  authorization?: string,
): Promise<EngineAnswer> {
  const body = new URLSearchParams(form).toString();
  const answer = await exchange(url, {
    bytes:
      `POST ${path} HTTP/1.1\r\nHost: parley.example.com\r\nUser-Agent: ${agent}\r\nAccept: */*\r\n` +
      (authorization === undefined ? '' : `Authorization: ${authorization}\r\n`) +
      `Content-Length: ${body.length}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n${body}`,
  });
  if (answer === undefined) throw new Error('no answer');
  return answer;
}
