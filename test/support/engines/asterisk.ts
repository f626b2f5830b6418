import type { EngineAsks } from '../engines.ts';

/** As libcurl does within Asterisk: a form by POST. */
export const asteriskAsks: EngineAsks = async ({ url }, token, { digits = '', callId, caller, number }) =>
  curl(`${url}/admission/asterisk/k/${token}`, { code: digits, caller, number, call: callId });

export async function curl(address: string, form: Record<string, string>, method: 'GET' | 'POST' = 'POST') {
  const fields = new URLSearchParams(form).toString();
  const headers = { 'user-agent': 'asterisk-libcurl-agent/1.0', 'content-type': 'application/x-www-form-urlencoded' };
  const answer = method === 'GET' ? await fetch(`${address}?${fields}`) : await fetch(address, { method: 'POST', headers, body: fields });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}
