import { hash, randomBytes } from 'node:crypto';
import { Secret } from './secret.ts';

const PREFIX = 'parley_';
const RANDOM_BYTES = 20;
const CHECKSUM_CHARACTERS = 6;
const HINT_CHARACTERS = PREFIX.length + 4;
/** Base 32 in lower case (RFC 4648): survives being read aloud and being pasted in any case-folding form. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

const FORMAT = /^[\x21-\x7e]{20,256}$/;
const OURS = new RegExp(`^${PREFIX}[a-z2-7]{32}[a-z2-7]{${CHECKSUM_CHARACTERS}}$`);

/** `parley_`, 160 random bits and a checksum that lets scanners and servers tell a token from a look-alike. */
export function generateToken(): Secret {
  const random = toBase32(randomBytes(RANDOM_BYTES));
  return new Secret(`${PREFIX}${random}${checksumOf(random)}`);
}

/** What is stored: a token has 160 random bits, so a plain SHA-256 cannot be run backwards. */
export function hashToken(token: Secret): Buffer {
  return hash('sha256', token.reveal(), 'buffer');
}

export function hintOf(token: Secret): string {
  return `${token.reveal().slice(0, HINT_CHARACTERS)}…`;
}

/** False for what cannot be a token: 20 to 256 printable characters, and the right checksum where it bears our prefix. */
export function isWellFormedToken(text: string): boolean {
  if (!text.startsWith(PREFIX)) return FORMAT.test(text);
  return OURS.test(text) && checksumOf(text.slice(PREFIX.length, -CHECKSUM_CHARACTERS)) === text.slice(-CHECKSUM_CHARACTERS);
}

function checksumOf(random: string): string {
  return toBase32(hash('sha256', `${PREFIX}${random}`, 'buffer').subarray(0, 5)).slice(0, CHECKSUM_CHARACTERS);
}

function toBase32(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0; i < (bytes.length * 8) / 5; i++) {
    text = ALPHABET[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return text;
}
