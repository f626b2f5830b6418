import type { Bridge } from '../../domain/bridge.ts';
import { engineUnavailable } from '../../domain/errors.ts';
import { LineConnection } from '../line-connection.ts';
import type { ConferenceEnder } from './ender.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NOT_FOUND = /^-ERR .*not found/i;

/** FreeSWITCH's event socket: https://developer.signalwire.com/freeswitch/FreeSWITCH-Explained/Modules/mod_event_socket_1048924. */
export const freeswitchEnder: ConferenceEnder = {
  canEnd: ({ settings }) => settings.eventSocket !== undefined,

  /** A line `+OK hup <n>` for each member. */
  async end(_tools, bridge, conference) {
    const answer = await askEventSocket(bridge, `conference ${conference} hup all`);
    if (answer.startsWith('-') && !NOT_FOUND.test(answer)) throw engineUnavailable(`FreeSWITCH refuses (${firstLine(answer)})`);
  },

  /** A call's id is its channel's, and a UUID: what is no UUID was never a channel of FreeSWITCH's. */
  async listGone(_tools, bridge, callIds) {
    const channels = callIds.filter((callId) => UUID.test(callId));
    const answers =
      channels.length === 0
        ? []
        : await askAll(
            bridge,
            channels.map((channel) => `uuid_exists ${channel}`),
          );
    return channels.filter((_, i) => answers[i]?.trim() === 'false');
  },

  async check(_tools, bridge) {
    const answer = await askEventSocket(bridge, 'status');
    if (answer.startsWith('-')) throw engineUnavailable(`FreeSWITCH refuses (${firstLine(answer)})`);
  },
};

/** What one command of the API is answered. */
async function askEventSocket(bridge: Bridge, command: string): Promise<string> {
  return (await askAll(bridge, [command]))[0] as string;
}

async function askAll({ settings, secrets }: Bridge, commands: readonly string[]): Promise<string[]> {
  const { hostname, port } = new URL(`tcp://${settings.eventSocket}`);
  return LineConnection.with({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }, async (connection) => {
    const greeting = await connection.read(({ headers }) => isOf(headers, 'auth/request', 'text/rude-rejection'));
    if (isOf(greeting.headers, 'text/rude-rejection'))
      throw engineUnavailable('the event socket lets this address in nowhere: see its apply-inbound-acl');
    connection.send(`auth ${secrets.eventSocketPassword?.reveal()}\n\n`);
    const { headers } = await connection.read(({ headers: those }) => isOf(those, 'command/reply'));
    if (!headers.get('reply-text')?.startsWith('+OK')) throw engineUnavailable('the event socket does not take this password');
    // All at once, and answered in order: a round trip for each would take too long for many.
    connection.send(commands.map((command) => `api ${command}\n\n`).join(''));
    const answers: string[] = [];
    while (answers.length < commands.length)
      answers.push((await connection.read(({ headers: those }) => isOf(those, 'api/response'))).body);
    return answers;
  });
}

function isOf(headers: ReadonlyMap<string, string>, ...types: string[]): boolean {
  return types.includes(headers.get('content-type') ?? '');
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 200) ?? '';
}
