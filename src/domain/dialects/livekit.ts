import { type DeclaredDialect, findAddressProblem, matching, required } from '../declared-dialect.ts';

export const livekit = {
  settings: {
    url: required('of the server: https://livekit.example.com', findAddressProblem),
    apiKey: required('the name of the key pair', matching(/^[A-Za-z0-9_-]{1,128}$/, 'the name of an API key')),
  },
  secrets: { apiSecret: required('the secret of the key pair') },
  takesTokens: false,
} as const satisfies DeclaredDialect;
