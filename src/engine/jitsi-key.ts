import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Bridge } from '../domain/bridge.ts';

/** The same key has the same id, whoever has it. */
export function keyIdOf(privateKey: KeyObject): string {
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return `parley-${createHash('sha256').update(publicKey).digest('hex').slice(0, 32)}`;
}

/** Under which name Prosody asks for a public key, and what it is: `<SHA-256 of the key id>.pem`. Undefined where the bridge has no key. */
export function publicKeyFileOf({ secrets }: Bridge): { name: string; pem: string } | undefined {
  if (secrets.endKey === undefined) return undefined;
  const privateKey = createPrivateKey(secrets.endKey.reveal());
  const name = `${createHash('sha256').update(keyIdOf(privateKey)).digest('hex')}.pem`;
  return { name, pem: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString() };
}
