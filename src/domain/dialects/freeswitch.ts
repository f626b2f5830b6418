import { type DeclaredDialect, matching, oneOf, optional } from '../declared-dialect.ts';

/** Nothing that FreeSWITCH would expand or read as more than a name. */
const profile = matching(/^[A-Za-z0-9_.-]{1,64}$/, 'the name of a conference profile');
const sound = matching(/^[A-Za-z0-9_./:-]{1,200}$/, 'a sound file or address without spaces');

export const freeswitch = {
  settings: {
    profile: optional('the conference profile', profile),
    waitProfile: optional('the profile where participants wait for a moderator', profile),
    enterSound: optional('what asks for the pass code', sound),
    wrongSound: optional('what is played to a pass code that was not recognised', sound),
    executesApps: optional('yes where the mod_httapi profile permits execute-apps: conference and sched_hangup', oneOf('yes', 'no')),
  },
  secrets: {},
  takesTokens: false,
} as const satisfies DeclaredDialect;
