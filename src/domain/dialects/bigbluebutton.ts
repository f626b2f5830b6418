import { called, type DeclaredDialect, findAddressProblem, oneOf, optional, required } from '../declared-dialect.ts';

export const bigbluebutton = {
  settings: {
    url: called(required('of the server, with its path: https://bbb.example.com/bigbluebutton', findAddressProblem)),
    checksum: optional('sha256 or sha1, as the server has it', oneOf('sha256', 'sha1')),
  },
  secrets: { secret: required('the shared secret that "bbb-conf --secret" shows') },
  takesTokens: false,
} as const satisfies DeclaredDialect;
