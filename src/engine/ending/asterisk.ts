import type { Bridge } from '../../domain/bridge.ts';
import { engineUnavailable } from '../../domain/errors.ts';
import type { EngineHttp } from '../engine-http.ts';
import { LineConnection, readHeaders } from '../line-connection.ts';
import type { ConferenceEnder, EnderTools } from './ender.ts';

type Action = Readonly<Record<string, string>>;
type Answer = ReadonlyMap<string, string>;

const STANDARD_PORT = 5038;
const STANDARD_TLS_PORT = 5039;
/** Not "No Channel by that name found in Conference": an Asterisk that does not know the channel "all" says so of a conference that goes on. */
const NO_CONFERENCE = /no active conferences|no conference by that name/i;

/** Asterisk's manager interface (AMI), over TCP or over HTTP: https://docs.asterisk.org/Configuration/Interfaces/Asterisk-Manager-Interface-AMI. */
export const asteriskEnder: ConferenceEnder = {
  canEnd: ({ settings }) => settings.managerUrl !== undefined,

  end: kickAll,
  /** What it asks for is what ending a conference needs, of one that is not there. */
  check: (tools, bridge) => kickAll(tools, bridge, 'parley-check'),
};

async function kickAll(tools: EnderTools, bridge: Bridge, conference: string): Promise<void> {
  const answer = await ask(tools, bridge, { Action: 'ConfbridgeKick', Conference: conference, Channel: 'all' });
  if (!isSuccess(answer) && !NO_CONFERENCE.test(answer.get('message') ?? '')) throw refused(answer);
}

function ask({ http }: EnderTools, bridge: Bridge, action: Action): Promise<Answer> {
  const url = new URL(bridge.settings.managerUrl ?? '');
  return /^https?:$/.test(url.protocol) ? askOverHttp(http, url.href, bridge, action) : askOverTcp(url, bridge, action);
}

async function askOverTcp({ protocol, hostname, port }: URL, bridge: Bridge, action: Action): Promise<Answer> {
  const isTls = protocol === 'amis:';
  const host = hostname.replace(/^\[|\]$/g, '');
  return LineConnection.with({ host, port: Number(port) || (isTls ? STANDARD_TLS_PORT : STANDARD_PORT), isTls }, async (connection) => {
    let asked = 0;
    /** Events come between; an answer has the id of its action. */
    const send = async (what: Action): Promise<Answer> => {
      const id = `parley-${++asked}`;
      const lines = Object.entries({ ...what, ActionID: id }).map(([name, value]) => `${name}: ${value}\r\n`);
      connection.send(`${lines.join('')}\r\n`);
      return (await connection.read(({ headers }) => headers.has('response') && headers.get('actionid') === id)).headers;
    };
    requireSignedIn(await send(signIn(bridge)));
    const answer = await send(action);
    connection.send('Action: Logoff\r\n\r\n');
    return answer;
  });
}

/** `https://pbx.example.com:8089/rawman`. A session is a cookie. */
async function askOverHttp(http: EngineHttp, url: string, bridge: Bridge, action: Action): Promise<Answer> {
  let cookie: string | undefined;
  const send = async (what: Action): Promise<Answer> => {
    const form = Object.entries(what).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
    const answer = await http.send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...(cookie !== undefined && { cookie }) },
      body: new URLSearchParams(form).toString(),
    });
    cookie ??= answer.cookies.find((one) => one.startsWith('mansession_id='));
    return readHeaders(answer.text);
  };
  requireSignedIn(await send(signIn(bridge)));
  const answer = await send(action);
  await send({ Action: 'Logoff' }).catch(() => {});
  return answer;
}

function signIn({ settings, secrets }: Bridge): Action {
  return { Action: 'Login', Username: settings.managerUser ?? '', Secret: secrets.managerSecret?.reveal() ?? '', Events: 'off' };
}

function requireSignedIn(answer: Answer): void {
  if (!isSuccess(answer)) throw engineUnavailable('the manager interface does not take this user and secret');
}

function isSuccess(answer: Answer): boolean {
  return answer.get('response') === 'Success';
}

function refused(answer: Answer): Error {
  return engineUnavailable(`Asterisk refuses (${answer.get('message')?.slice(0, 200) ?? 'without a reason'})`);
}
