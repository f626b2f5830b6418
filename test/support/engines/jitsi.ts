import type { EngineAnswer, EngineAsks } from '../engines.ts';

export const APP_SECRET = 'a-secret-of-prosody-for-tests-only-32-bytes';
export const JITSI = {
  settings: { url: 'https://meet.example.com', muc: 'conference.meet.example.com', appId: 'parley' },
  secrets: { appSecret: APP_SECRET },
};

/** The id that was asked for comes back: it is left out, so that answers can be compared. */
export const jitsiAsks: EngineAsks = async (server, token, { digits = '' }) => {
  const answer = await askJitsi(server.url, token, `/conferenceMapper?id=${digits}`);
  const headers = new Headers(answer.headers);
  headers.delete('content-length');
  return { ...answer, headers, text: answer.text.replace(digits, '0') };
};

export async function askJitsi(
  url: string,
  token: string,
  path: string,
  form?: Record<string, string>,
  method = 'GET',
): Promise<EngineAnswer> {
  const headers = { authorization: `Bearer ${token}` };
  const body = form && new URLSearchParams(form);
  const answer = await fetch(`${url}/admission/jitsi${path}`, body ? { method: 'POST', headers, body } : { method, headers });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}
