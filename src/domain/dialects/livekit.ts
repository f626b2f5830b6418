import { called, type DeclaredDialect, findAddressProblem, matching, optional, required } from '../declared-dialect.ts';

export const livekit = {
  settings: {
    url: called(required('of the server: https://livekit.example.com', findAddressProblem)),
    apiKey: required('the name of the key pair', matching(/^[A-Za-z0-9_-]{1,128}$/, 'the name of an API key')),
    sipTrunks: optional(
      'the inbound trunks whose callers come in by pass code, with commas between: ST_2vTJ6Nqy8Xvg. LiveKit is told the codes then',
      matching(/^ST_\w{1,64}(,ST_\w{1,64}){0,19}$/, 'ids of inbound trunks such as ST_2vTJ6Nqy8Xvg, with commas between'),
    ),
  },
  secrets: { apiSecret: required('the secret of the key pair') },
  takesTokens: false,
} as const satisfies DeclaredDialect;
