import { hash, randomBytes } from 'node:crypto';
import { Secret } from './secret.ts';

const PREFIX = 'parley_';
const RANDOM_BYTES = 20;
const CHECKSUM_CHARACTERS = 6;
/** Of a sandbox's, so that nobody takes one for the other. */
const SANDBOX_PREFIX = `${PREFIX}test_`;
/** Of a bridge's credential, which is no API token. */
const BRIDGE_PREFIX = `${PREFIX}bridge_`;
const PREFIXES = [SANDBOX_PREFIX, BRIDGE_PREFIX, PREFIX];
const HINT_RANDOM_CHARACTERS = 4;
/** Base 32 in lower case (RFC 4648): survives being read aloud and being pasted in any case-folding form. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

const FORMAT = /^[\x21-\x7e]{20,256}$/;
const OURS = new RegExp(`^(${PREFIXES.join('|')})([a-z2-7]{32})([a-z2-7]{${CHECKSUM_CHARACTERS}})$`);

/** `parley_` (or `parley_test_`), 160 random bits and a checksum that lets scanners and servers tell a token from a look-alike. */
export function generateToken({ isSandbox }: { isSandbox: boolean }): Secret {
  return draw(isSandbox ? SANDBOX_PREFIX : PREFIX);
}

/** `parley_bridge_`, and the same. */
export function generateBridgeToken(): Secret {
  return draw(BRIDGE_PREFIX);
}

export function isBridgeToken(token: Secret): boolean {
  return token.reveal().startsWith(BRIDGE_PREFIX);
}

function draw(prefix: string): Secret {
  const random = toBase32(randomBytes(RANDOM_BYTES));
  return new Secret(`${prefix}${random}${checksumOf(prefix, random)}`);
}

/** What is stored: a token has 160 random bits, so a plain SHA-256 cannot be run backwards. */
export function hashToken(token: Secret): Buffer {
  return hash('sha256', token.reveal(), 'buffer');
}

export function hintOf(token: Secret): string {
  const text = token.reveal();
  const prefix = PREFIXES.find((known) => text.startsWith(known)) ?? PREFIX;
  return `${text.slice(0, prefix.length + HINT_RANDOM_CHARACTERS)}…`;
}

/** False for what cannot be a token: 20 to 256 printable characters, and the right checksum where it bears our prefix. */
export function isWellFormedToken(text: string): boolean {
  if (!text.startsWith(PREFIX)) return FORMAT.test(text);
  const [, prefix, random, checksum] = OURS.exec(text) ?? [];
  return prefix !== undefined && random !== undefined && checksumOf(prefix, random) === checksum;
}

function checksumOf(prefix: string, random: string): string {
  return toBase32(hash('sha256', `${prefix}${random}`, 'buffer').subarray(0, 5)).slice(0, CHECKSUM_CHARACTERS);
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
