import { createHash } from 'node:crypto';
import type { Admitted } from '../domain/admission.ts';
import type { Bridge } from '../domain/bridge.ts';
import { engineUnavailable } from '../domain/errors.ts';
import type { EngineHttp } from './engine-http.ts';

type Parameters = Readonly<Record<string, string | number | undefined>>;

/** Of a meeting's name, and the longest of a person's. */
const [MIN_NAME, MAX_NAME] = [2, 64];

/** https://docs.bigbluebutton.org/development/api: the digest is over call, query and secret. */
export function checksumOf(hash: string, name: string, query: string, secret: string): string {
  return createHash(hash)
    .update(name + query + secret)
    .digest('hex');
}

/** Makes the meeting, or finds it made: create is idempotent, and a meeting that is empty goes by itself. Then where to send the browser. */
export async function joinMeeting(
  engines: EngineHttp,
  bridge: Bridge,
  { role, conference, company, limits }: Admitted,
  fullName: string,
): Promise<string> {
  const { maxParticipants, maxDurationSeconds, waitForModerator } = limits;
  const created = await call(engines, bridge, 'create', {
    name: company.name.length < MIN_NAME ? 'Conference' : company.name.slice(0, MAX_NAME),
    meetingID: conference,
    maxParticipants,
    duration: maxDurationSeconds && Math.ceil(maxDurationSeconds / 60),
    guestPolicy: waitForModerator ? 'ASK_MODERATOR' : undefined,
  });
  const createTime = /<createTime>(\d{1,20})<\/createTime>/.exec(created)?.[1];
  if (!isSuccess(created) || createTime === undefined) throw refused(created);
  return sign(bridge, 'join', {
    fullName: fullName.slice(0, MAX_NAME),
    meetingID: conference,
    role: role === 'moderator' ? 'MODERATOR' : 'VIEWER',
    // A link of an earlier meeting of the same name opens nothing.
    createTime,
    guest: waitForModerator ? 'true' : undefined,
  });
}

/** Everybody is out, or there was nobody. */
export async function endMeeting(engines: EngineHttp, bridge: Bridge, conference: string): Promise<void> {
  const ended = await call(engines, bridge, 'end', { meetingID: conference });
  if (!isSuccess(ended) && messageKeyOf(ended) !== 'notFound') throw refused(ended);
}

/** Something that the server answers to those alone who have its secret. */
export async function askMeetings(engines: EngineHttp, bridge: Bridge): Promise<void> {
  const answer = await call(engines, bridge, 'getMeetings', {});
  if (!isSuccess(answer)) throw refused(answer);
}

function call(engines: EngineHttp, bridge: Bridge, name: string, parameters: Parameters): Promise<string> {
  return engines.call({ method: 'GET', url: sign(bridge, name, parameters) });
}

function sign({ settings, secrets }: Bridge, name: string, parameters: Parameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString();
  const checksum = checksumOf(settings.checksum ?? 'sha256', name, query, secrets.secret?.reveal() ?? '');
  return `${settings.url}/api/${name}?${query}&checksum=${checksum}`;
}

function isSuccess(answer: string): boolean {
  return answer.includes('<returncode>SUCCESS</returncode>');
}

function messageKeyOf(answer: string): string {
  return /<messageKey>([A-Za-z]{1,40})<\/messageKey>/.exec(answer)?.[1] ?? 'no message key';
}

function refused(answer: string): Error {
  return engineUnavailable(`BigBlueButton refuses (${messageKeyOf(answer)})`);
}
