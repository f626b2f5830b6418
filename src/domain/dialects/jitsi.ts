import { findRsaKeyProblem, generateRsaKey } from '../rsa-key.ts';
import { called, type DeclaredDialect, findAddressProblem, matching, optional, required } from '../declared-dialect.ts';

export const jitsi = {
  settings: {
    url: required('of Jitsi Meet: https://meet.example.com', findAddressProblem),
    muc: required('the domain of its rooms: conference.meet.example.com', matching(/^[a-z0-9.-]{1,253}$/i, 'a domain')),
    prosodyUrl: called(optional("of Prosody's HTTP port, by which live conferences are ended: http://127.0.0.1:5280", findAddressProblem)),
    appId: optional('of the tokens: what Prosody has as app_id'),
  },
  secrets: {
    appSecret: optional('what the tokens are signed with: what Prosody has as app_secret'),
    endKey: optional('the RSA key that ends conferences, in PEM; made where it is left out', findRsaKeyProblem),
  },
  takesTokens: false,
  findTogether: ({ settings, secrets }) => {
    if (settings.prosodyUrl !== undefined && settings.appId === undefined)
      return 'Ending conferences takes the setting appId too: what Prosody has as app_id.';
    // Tokens of its own take both; ending conferences takes the first alone.
    const isHalf =
      secrets.appSecret === undefined ? settings.appId !== undefined && settings.prosodyUrl === undefined : settings.appId === undefined;
    return isHalf ? 'The setting appId and the secret appSecret go together: give both or neither.' : undefined;
  },
  complete: async ({ settings, secrets }) =>
    settings.prosodyUrl === undefined || secrets.endKey !== undefined ? {} : { endKey: await generateRsaKey() },
} as const satisfies DeclaredDialect;
