import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { Bridge } from '../../../domain/bridge.ts';
import { unauthorized } from '../../../domain/errors.ts';
import type { EngineRequest } from '../dialect.ts';
import { Form } from '../form.ts';

const TELNYX_TOLERANCE_S = 300;
/** What makes 32 bytes an Ed25519 key in DER: https://www.rfc-editor.org/rfc/rfc8410 */
const ED25519_DER = Buffer.from('302a300506032b6570032100', 'hex');

/** Throws UNAUTHORIZED unless the request is signed as this bridge's provider signs. Kazoo signs nothing: its credential is all there is. */
export function checkSignature(asked: EngineRequest, { settings, secrets }: Bridge, now: number): void {
  const isSigned =
    settings.flavour === 'telnyx'
      ? isTelnyx(asked, secrets.publicKey?.reveal(), now)
      : settings.flavour === 'kazoo' || isTwilio(asked, settings.publicUrl ?? '', secrets.authToken?.reveal());
  if (!isSigned) throw unauthorized();
}

/** https://www.twilio.com/docs/usage/security#validating-requests: over the address that the provider called, and the form sorted by name. */
export function signTwilio(authToken: string, url: string, form: readonly (readonly [name: string, value: string])[]): string {
  const sorted = form.toSorted(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1));
  return createHmac('sha1', authToken)
    .update(url + sorted.map(([name, value]) => name + value).join(''))
    .digest('base64');
}

function isTwilio(asked: EngineRequest, publicUrl: string, authToken: string | undefined): boolean {
  const given = asked.headers['x-twilio-signature'] ?? asked.headers['x-signalwire-signature'];
  if (authToken === undefined || typeof given !== 'string') return false;
  const form = asked.method === 'POST' ? new Form(asked).entries() : [];
  return addressesOf(publicUrl, asked.url).some((url) => isSame(given, signTwilio(authToken, url, form)));
}

/** With and without the standard port: providers sign either. */
function addressesOf(publicUrl: string, path: string): string[] {
  const { protocol, hostname, port, pathname } = new URL(publicUrl);
  const standard = protocol === 'https:' ? '443' : '80';
  const base = pathname === '/' ? '' : pathname;
  return port === ''
    ? [`${protocol}//${hostname}${base}${path}`, `${protocol}//${hostname}:${standard}${base}${path}`]
    : [`${protocol}//${hostname}:${port}${base}${path}`, `${protocol}//${hostname}${base}${path}`];
}

/** https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks: over the time and the body, so a signature is good for one body. */
function isTelnyx({ headers, method, body }: EngineRequest, publicKey: string | undefined, now: number): boolean {
  const timestamp = headers['telnyx-timestamp'];
  const signature = headers['telnyx-signature-ed25519'];
  if (method !== 'POST' || publicKey === undefined || typeof timestamp !== 'string' || typeof signature !== 'string') return false;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > TELNYX_TOLERANCE_S) return false;
  const key = createPublicKey({ key: Buffer.concat([ED25519_DER, Buffer.from(publicKey, 'base64')]), format: 'der', type: 'spki' });
  return verify(null, Buffer.concat([Buffer.from(`${timestamp}|`), body]), key, Buffer.from(signature, 'base64'));
}

function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
