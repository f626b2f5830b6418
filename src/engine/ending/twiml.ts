import type { Bridge } from '../../domain/bridge.ts';
import { engineUnavailable } from '../../domain/errors.ts';
import { basic, parseAnswer } from './answers.ts';
import type { ConferenceEnder, EnderTools } from './ender.ts';

interface Listed {
  conferences?: { sid: string; friendly_name?: string }[];
  next_page_uri?: string | null;
}

/**
 * Somebody is in both. One begins only with its second participant, or with its moderator: https://www.twilio.com/docs/api/errors/16099. In this order none is
 * missed that begins between the two questions.
 */
const LIVE = ['init', 'in-progress'];
/** More pages than any conference of one name fills. */
const MOST_PAGES = 20;
const TWILIO = 'https://api.twilio.com/2010-04-01';

/** The REST API that Twilio made and others speak: https://www.twilio.com/docs/voice/api/conference-resource. */
export const twimlEnder: ConferenceEnder = {
  canEnd: ({ settings }) => settings.accountSid !== undefined,

  async end(tools, bridge, conference) {
    for (const sid of await listLive(tools, bridge, conference)) {
      const path = `${conferencesOf(bridge)}/${encodeURIComponent(sid)}${endingOf(bridge)}`;
      await call(tools, bridge, path, { Status: 'completed' });
    }
  },

  async check(tools, bridge) {
    await listLive(tools, bridge, 'parley-check');
  },
};

/** Several may have one name, one after the other and, in different regions, at once. */
async function listLive(tools: EnderTools, bridge: Bridge, conference: string): Promise<Set<string>> {
  const found: string[] = [];
  for (const status of LIVE) found.push(...(await list(tools, bridge, conference, status)));
  return new Set(found);
}

async function list(tools: EnderTools, bridge: Bridge, conference: string, status: string): Promise<string[]> {
  const found: string[] = [];
  const query = new URLSearchParams({ FriendlyName: conference, Status: status, PageSize: '100' });
  let next: string | undefined = `${conferencesOf(bridge)}${endingOf(bridge)}?${query}`;
  for (let pages = 0; next !== undefined; pages++) {
    if (pages === MOST_PAGES) throw engineUnavailable('the list of conferences has no end');
    const { conferences, next_page_uri: after } = parseAnswer(await call(tools, bridge, next)) as Listed;
    if (!Array.isArray(conferences)) throw engineUnavailable('the answer is no list of conferences');
    // One that has no name in the list is there because of the name that was asked for.
    found.push(...conferences.filter(({ friendly_name: name = conference }) => name === conference).map(({ sid }) => sid));
    next = after ? new URL(after, baseOf(bridge)).href : undefined;
    if (next !== undefined && new URL(next).origin !== new URL(baseOf(bridge)).origin)
      throw engineUnavailable('the list of conferences goes on at another server');
  }
  return found;
}

async function call({ http }: EnderTools, bridge: Bridge, url: string, form?: Record<string, string>): Promise<string> {
  const headers = { authorization: authorizationOf(bridge) };
  const answer =
    form === undefined
      ? await http.send({ method: 'GET', url, headers })
      : await http.send({
          method: 'POST',
          url,
          headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
          body: new URLSearchParams(form).toString(),
          mayBeAbsent: true,
        });
  return answer.text;
}

function baseOf({ settings }: Bridge): string {
  return settings.apiUrl ?? TWILIO;
}

function conferencesOf(bridge: Bridge): string {
  return `${baseOf(bridge)}/Accounts/${encodeURIComponent(bridge.settings.accountSid ?? '')}/Conferences`;
}

function endingOf({ settings }: Bridge): string {
  return settings.flavour === 'telnyx' ? '' : '.json';
}

/** An API key of its own where there is one; else the account's own token, which Twilio signs with too. */
function authorizationOf({ settings, secrets }: Bridge): string {
  const key = secrets.apiSecret ?? secrets.authToken;
  return settings.flavour === 'telnyx' ? `Bearer ${key?.reveal() ?? ''}` : basic(settings.apiKey ?? settings.accountSid ?? '', key);
}
