import type { Secret } from './domain/secret.ts';

/** The contract's own example. */
const EXAMPLE = {
  company: { externalId: 50, enterpriseId: 799, name: 'Company Name', isGlobalMeetEnabled: true, isWebConfEnabled: false },
  client: { externalId: 100, password: '', first: 'First', last: 'Last', email: 'me@example.com' },
  contact: { address: '123 Street', city: 'Montreal', state: 'Quebec', country: 'Canada', postalCode: 'H1H1H1' },
};

/** What a first start prints, once: the only time that the token is shown. */
export function welcome(url: string, token: Secret): string {
  return `
Parley is ready at ${url}

  Your API token, shown this once:  ${token.reveal()}

  Try it (and again: the answer stays the same):

curl -sS ${url}/provisioning/client/provision \\
  -H 'X-AUTH-TOKEN: ${token.reveal()}' \\
  -d '${JSON.stringify(EXAMPLE)}'

  The console: ${url}/console    The API: ${url}/docs    More tokens: npm exec parley -- token create --help

`;
}
