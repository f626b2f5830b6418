import { createPrivateKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

const LEAST_BITS = 2048;

/** Takes some tenths of a second, on another thread. PKCS #8 in PEM. */
export async function generateRsaKey(): Promise<string> {
  const encoding = { type: 'pkcs8', format: 'pem' } as const;
  const { privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: LEAST_BITS,
    privateKeyEncoding: encoding,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return privateKey;
}

/** What is wrong with a private key, or undefined. */
export function findRsaKeyProblem(pem: string): string | undefined {
  const message = `must be a private RSA key of at least ${LEAST_BITS} bits, in PEM and without a passphrase`;
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_BITS ? undefined : message;
  } catch {
    return message;
  }
}
