import { type DeclaredDialect, findAddressProblem, matching, oneOf, optional, required } from '../declared-dialect.ts';

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
    moderatorLeaves: optional('what happens when a moderator leaves: ends or continues', oneOf('ends', 'continues')),
  },
  secrets: {
    authToken: optional('what Twilio or SignalWire sign with'),
    publicKey: optional('with which Telnyx is verified, 32 bytes in base64', (value) =>
      /^[A-Za-z0-9+/]{43}=$/.test(value) ? undefined : 'must be 32 bytes in base64',
    ),
  },
  takesTokens: false,
  findTogether: ({ settings, secrets }) => {
    const flavour = settings.flavour ?? '';
    const proof = PROOFS[flavour] ?? 'none';
    const unwanted = Object.keys(secrets).filter((name) => name !== proof);
    if (unwanted.length > 0) return `The flavour ${flavour} has no use for ${unwanted.join(', ')}.`;
    return proof === 'none' || secrets[proof] !== undefined ? undefined : `The flavour ${flavour} needs the secret ${proof}.`;
  },
} as const satisfies DeclaredDialect;
