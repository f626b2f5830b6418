import {
  called,
  type DeclaredDialect,
  type DialectValues,
  findLineProblem,
  findAddressProblem,
  matching,
  oneOf,
  optional,
  required,
} from '../declared-dialect.ts';

/** Who speaks TwiML, and what each shows that a request is its own. */
const PROOFS: Readonly<Record<string, 'authToken' | 'publicKey' | 'none'>> = {
  twilio: 'authToken',
  signalwire: 'authToken',
  telnyx: 'publicKey',
  kazoo: 'none',
};

export const twiml = {
  settings: {
    flavour: required('who asks: twilio, telnyx, signalwire or kazoo', oneOf(...Object.keys(PROOFS))),
    publicUrl: required('the address by which the provider reaches this server: https://voice.example.com', findAddressProblem),
    language: optional('of the prompts: en-US', matching(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/, 'a language such as en-US')),
    enterPrompt: optional('what asks for the pass code'),
    againPrompt: optional('what is said to a pass code that was not recognised'),
    refusedPrompt: optional('what is said before hanging up'),
    fullPrompt: optional('what is said when the conference is full'),
    accountSid: optional(
      'of the account, by whose REST API live conferences are ended',
      matching(/^[A-Za-z0-9-]{1,64}$/, 'the id of an account'),
    ),
    apiUrl: called(
      optional(
        'of that API, where it is not Twilio: https://space.signalwire.com/api/laml/2010-04-01, https://api.telnyx.com/v2/texml',
        findAddressProblem,
      ),
    ),
    apiKey: optional(
      'the name of an API key of its own, where not the account itself asks',
      matching(/^[A-Za-z0-9-]{1,64}$/, 'the id of an API key'),
    ),
    moderatorLeaves: optional('what happens when a moderator leaves: ends or continues', oneOf('ends', 'continues')),
  },
  secrets: {
    apiSecret: optional('of the API key, or the API token, where it is not the authToken', findLineProblem),
    authToken: optional('what Twilio or SignalWire sign with'),
    publicKey: optional('with which Telnyx is verified, 32 bytes in base64', (value) =>
      /^[A-Za-z0-9+/]{43}=$/.test(value) ? undefined : 'must be 32 bytes in base64',
    ),
  },
  takesTokens: false,
  findTogether: ({ settings, secrets }) => {
    const flavour = settings.flavour ?? '';
    const proof = PROOFS[flavour] ?? 'none';
    const unwanted = Object.keys(secrets).filter((name) => name !== proof && name !== 'apiSecret');
    if (unwanted.length > 0) return `The flavour ${flavour} has no use for ${unwanted.join(', ')}.`;
    if (proof !== 'none' && secrets[proof] === undefined) return `The flavour ${flavour} needs the secret ${proof}.`;
    return findEndingProblem(flavour, { settings, secrets });
  },
} as const satisfies DeclaredDialect;

/** What is missing for ending conferences, where any of it is there. */
function findEndingProblem(flavour: string, { settings, secrets }: DialectValues): string | undefined {
  const { accountSid, apiUrl, apiKey } = settings;
  const isMeant = [accountSid, apiUrl, apiKey, secrets.apiSecret].some((value) => value !== undefined);
  if (!isMeant) return undefined;
  if (flavour === 'kazoo') return 'At the flavour kazoo conferences cannot be ended: leave accountSid, apiUrl, apiKey and apiSecret out.';
  if (accountSid === undefined) return 'Ending conferences takes the setting accountSid too.';
  if (flavour !== 'twilio' && apiUrl === undefined) return `Ending conferences at the flavour ${flavour} takes the setting apiUrl too.`;
  if (secrets.apiSecret === undefined && (apiKey !== undefined || flavour !== 'twilio'))
    return 'Ending conferences takes the secret apiSecret too.';
  return undefined;
}
