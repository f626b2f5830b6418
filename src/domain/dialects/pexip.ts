import { called, type DeclaredDialect, findAddressProblem, findLineProblem, findMissingOf, optional } from '../declared-dialect.ts';

export const pexip = {
  settings: {
    managerUrl: called(
      optional('of the Management Node, by which live conferences are ended: https://manager.example.com', findAddressProblem),
    ),
    managerUser: optional('of the management API', findLineProblem),
  },
  secrets: { managerPassword: optional('of the user of the management API', findLineProblem) },
  takesTokens: false,
  findTogether: ({ settings, secrets }) =>
    findMissingOf('Ending conferences', {
      managerUrl: settings.managerUrl,
      managerUser: settings.managerUser,
      managerPassword: secrets.managerPassword,
    }),
} as const satisfies DeclaredDialect;
