import {
  called,
  type DeclaredDialect,
  findAddressProblem,
  findLineProblem,
  findMissingOf,
  matching,
  optional,
} from '../declared-dialect.ts';

const findManagerProblem = matching(
  /^amis?:\/\/([\w.-]+|\[[0-9a-f:]+\])(:\d{1,5})?$/i,
  'an address such as ami://pbx.example.com:5038, amis:// or https://',
);

export const asterisk = {
  settings: {
    managerUrl: called(
      optional(
        'of the manager interface (AMI), by which live conferences are ended: ami://127.0.0.1:5038, or https://pbx.example.com:8089/rawman',
        (value) => (/^https?:/.test(value) ? findAddressProblem(value) : findManagerProblem(value)),
      ),
    ),
    managerUser: optional('of the manager interface', findLineProblem),
  },
  secrets: { managerSecret: optional('of the user of the manager interface', findLineProblem) },
  takesTokens: false,
  findTogether: ({ settings, secrets }) =>
    findMissingOf('Ending conferences', {
      managerUrl: settings.managerUrl,
      managerUser: settings.managerUser,
      managerSecret: secrets.managerSecret,
    }),
} as const satisfies DeclaredDialect;
