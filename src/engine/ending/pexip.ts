import type { Bridge } from '../../domain/bridge.ts';
import { engineUnavailable } from '../../domain/errors.ts';
import { basic, parseAnswer } from './answers.ts';
import type { ConferenceEnder, EnderTools } from './ender.ts';

/** Pexip Infinity's management API: https://docs.pexip.com/api_manage/api_status.htm and api_command.htm. */
export const pexipEnder: ConferenceEnder = {
  canEnd: ({ settings }) => settings.managerUrl !== undefined,

  async end(tools, bridge, conference) {
    for (const conferenceId of await listIds(tools, bridge, conference)) {
      const command = {
        method: 'POST',
        path: '/api/admin/command/v1/conference/disconnect/',
        body: { conference_id: conferenceId },
      } as const;
      const { status } = parseAnswer(await call(tools, bridge, command)) as { status?: string };
      // One that ended meanwhile is gone from the list.
      if (status !== 'success' && (await listIds(tools, bridge, conference)).includes(conferenceId))
        throw engineUnavailable('Pexip does not end the conference');
    }
  },

  async check(tools, bridge) {
    await listIds(tools, bridge, 'parley-check');
  },
};

async function listIds(tools: EnderTools, bridge: Bridge, conference: string): Promise<string[]> {
  const path = `/api/admin/status/v1/conference/?name=${encodeURIComponent(conference)}`;
  const { objects } = parseAnswer(await call(tools, bridge, { method: 'GET', path })) as { objects?: { id: string; name: string }[] };
  if (!Array.isArray(objects)) throw engineUnavailable('Pexip answered what is no list of conferences');
  return objects.filter(({ name }) => name === conference).map(({ id }) => id);
}

async function call(
  { http }: EnderTools,
  { settings, secrets }: Bridge,
  { method, path, body }: { method: 'GET' | 'POST'; path: string; body?: object },
): Promise<string> {
  const headers = {
    authorization: basic(settings.managerUser ?? '', secrets.managerPassword),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const answer = await http.send({ method, url: `${settings.managerUrl}${path}`, headers, ...(body && { body: JSON.stringify(body) }) });
  return answer.text;
}
