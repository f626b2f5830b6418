import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EngineAnswer, EngineAsks } from '../engines.ts';

/** The secret of the example in https://docs.bigbluebutton.org/development/api. */
export const SECRET = '639259d4-9dd8-4b25-bf01-95f9567eaf4b';
const CREATE_TIME = '1531155809613';

export interface ApiCall {
  name: string;
  parameters: Record<string, string>;
}

/** Answers as the documentation says, and only to what is signed with SHA-256. */
const calls: ApiCall[] = [];
const running = new Set<string>();
const engine = createServer((request, response) => {
  const { pathname, search, searchParams } = new URL(request.url ?? '', 'http://engine');
  const name = pathname.replace('/bigbluebutton/api/', '');
  const signed = search.slice(1).replace(/&checksum=[0-9a-f]+$/, '');
  const right = createHash('sha256').update(name + signed + SECRET);
  response.setHeader('content-type', 'text/xml;charset=utf-8');
  if (searchParams.get('checksum') !== right.digest('hex')) return response.end(failed('checksumError'));
  calls.push({ name, parameters: Object.fromEntries(searchParams) });
  if (name === 'getMeetings')
    return response.end(
      '<response>\n  <returncode>SUCCESS</returncode>\n  <meetings/>\n  <messageKey>noMeetings</messageKey>\n</response>',
    );
  const meetingID = searchParams.get('meetingID') ?? '';
  if (name === 'create') {
    const isAgain = running.has(meetingID);
    running.add(meetingID);
    return response.end(
      `<response>\n  <returncode>SUCCESS</returncode>\n  <meetingID>${meetingID}</meetingID>\n  <attendeePW>ap</attendeePW>\n  <moderatorPW>mp</moderatorPW>\n` +
        `  <createTime>${CREATE_TIME}</createTime>\n  <voiceBridge>70757</voiceBridge>\n  <messageKey>${isAgain ? 'duplicateWarning' : ''}</messageKey>\n</response>`,
    );
  }
  return response.end(running.delete(meetingID) ? '<response>\n  <returncode>SUCCESS</returncode>\n</response>' : failed('notFound'));
});
engine.listen(0, '127.0.0.1').unref();
await once(engine, 'listening');

export const ENGINE_URL = `http://127.0.0.1:${(engine.address() as AddressInfo).port}/bigbluebutton`;
export const BIGBLUEBUTTON = { settings: { url: ENGINE_URL }, secrets: { secret: SECRET } };

export function callsOf(meetingID: string): ApiCall[] {
  return calls.filter(({ parameters }) => parameters.meetingID === meetingID);
}

function failed(key: string): string {
  return `<response>\n  <returncode>FAILED</returncode>\n  <messageKey>${key}</messageKey>\n</response>`;
}

export const bigbluebuttonAsks: EngineAsks = ({ url }, token, { digits }) => join(url, token, { code: digits ?? '', name: 'Alice & Bob' });

/** As a browser sends the form. What the answer leads to counts as its text. */
export async function join(url: string, token: string, fields: Record<string, string>): Promise<EngineAnswer> {
  const body = new URLSearchParams(fields);
  const answer = await fetch(`${url}/admission/bigbluebutton/k/${token}/join`, { method: 'POST', body, redirect: 'manual' });
  return { status: answer.status, text: answer.headers.get('location') ?? (await answer.text()), headers: answer.headers };
}
