import { type DeclaredDialect, findAddressProblem, matching, optional, required } from '../declared-dialect.ts';

export const jitsi = {
  settings: {
    url: required('of Jitsi Meet: https://meet.example.com', findAddressProblem),
    muc: required('the domain of its rooms: conference.meet.example.com', matching(/^[a-z0-9.-]{1,253}$/i, 'a domain')),
    appId: optional('of the tokens: what Prosody has as app_id'),
  },
  secrets: { appSecret: optional('what the tokens are signed with: what Prosody has as app_secret') },
  takesTokens: false,
  findTogether: ({ settings, secrets }) =>
    (settings.appId === undefined) === (secrets.appSecret === undefined)
      ? undefined
      : 'The setting appId and the secret appSecret go together: give both or neither.',
} as const satisfies DeclaredDialect;
