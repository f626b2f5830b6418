import { called, type DeclaredDialect, findLineProblem, findMissingOf, matching, oneOf, optional } from '../declared-dialect.ts';

/** Nothing that FreeSWITCH would expand or read as more than a name. */
const profile = matching(/^[A-Za-z0-9_.-]{1,64}$/, 'the name of a conference profile');
const context = matching(/^[A-Za-z0-9_.-]{1,64}$/, 'the name of a context');
const sound = matching(/^[A-Za-z0-9_./:-]{1,200}$/, 'a sound file or address without spaces');

export const freeswitch = {
  settings: {
    profile: optional('the conference profile', profile),
    waitProfile: optional('the profile where participants wait for a moderator', profile),
    enterSound: optional('what asks for the pass code', sound),
    fullSound: optional('what is played where the conference is full', sound),
    wrongSound: optional('what is played to a pass code that was not recognised', sound),
    endFlag: optional(
      'how the last moderator ends a conference: mandatory_member_endconf, or endconf before FreeSWITCH 1.10.10',
      oneOf('mandatory_member_endconf', 'endconf'),
    ),
    context: optional('the context of the dialplan in which numbers are pass codes (mod_xml_curl): conferences, if left out', context),
    eventSocket: called(
      optional(
        'host and port of the event socket, by which live conferences are ended: 127.0.0.1:8021',
        matching(/^([\w.-]+|\[[0-9a-f:]+\]):\d{1,5}$/i, 'a host and a port such as 127.0.0.1:8021'),
      ),
    ),
    executesApps: optional('yes where the mod_httapi profile permits execute-apps: conference and sched_hangup', oneOf('yes', 'no')),
  },
  secrets: { eventSocketPassword: optional('of the event socket', findLineProblem) },
  takesTokens: false,
  findTogether: ({ settings, secrets }) =>
    findMissingOf('Ending conferences', { eventSocket: settings.eventSocket, eventSocketPassword: secrets.eventSocketPassword }),
} as const satisfies DeclaredDialect;
