import { type Cipheriv, createCipheriv, createDecipheriv, createHmac, createSecretKey, type Decipheriv, type KeyObject } from 'node:crypto';
import { drawBytes } from '../domain/random-bytes.ts';
import { Secret } from '../domain/secret.ts';

/**
 * A sealed value is AES-256-GCM (NIST SP 800-38D) under the data key: format 1, a random 96-bit nonce, the ciphertext, a 128-bit tag.
 * It is bound to its place: moved to another row or field it no longer opens.
 */
export type Sealed = Uint8Array;

/** A pass code as it may be stored: found by the one, repeated from the other. */
export interface SealedPassCode {
  index: Uint8Array;
  sealed: Sealed;
}

const FORMAT = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES;
export const KEY_BYTES = 32;

/** 128 bits of HMAC-SHA-256 keep the index small; it is unreadable without the key, and no two codes meet by chance. */
const INDEX_BYTES = 16;

const BLOCK_BYTES = 16;
const CONFERENCE_PREFIX = 'c-';
const CONFERENCE = /^c-[0-9a-f]{32}$/;

/** Seals what must be repeated and indexes what must be found, with keys that are never in the database in the clear. */
export class Vault {
  readonly #dataKey: KeyObject;
  readonly #indexKey: KeyObject;
  /** ECB keeps nothing from one block to the next, and without padding each comes out when it goes in. */
  readonly #names: { cipher: Cipheriv; decipher: Decipheriv };

  constructor(dataKey: Uint8Array, indexKey: Uint8Array) {
    this.#dataKey = createSecretKey(dataKey);
    this.#indexKey = createSecretKey(indexKey);
    const nameKey = createSecretKey(createHmac('sha256', this.#indexKey).update('key|conference').digest());
    this.#names = {
      cipher: createCipheriv('aes-256-ecb', nameKey, null).setAutoPadding(false),
      decipher: createDecipheriv('aes-256-ecb', nameKey, null).setAutoPadding(false),
    };
  }

  seal(secret: Secret, place: string): Sealed {
    return sealBytes(this.#dataKey, Buffer.from(secret.reveal(), 'utf8'), place);
  }

  open(sealed: Sealed, place: string): Secret {
    return new Secret(openBytes(this.#dataKey, sealed, place).toString('utf8'));
  }

  /** How a pass code is found and kept distinct without being readable. */
  indexPassCode(passCode: Secret): Uint8Array {
    return this.#digest(`pass-code|${passCode.reveal()}`);
  }

  /** How what is counted or remembered of somebody is found again, and says nothing of whom. */
  indexSubject(kind: 'caller' | 'pair' | 'bucket', subject: string): Uint8Array {
    return this.#digest(`${kind}|${subject}`);
  }

  /**
   * The name by which engines know a reservation's conference: one block of AES over its ids and 64 bits of zero. Nobody without the key can make one, or
   * tell whose it is; with it, a name that an engine reports says which reservation it is without a table.
   */
  nameConference(tenantId: number, reservationId: number): string {
    const block = Buffer.alloc(BLOCK_BYTES);
    block.writeUInt32BE(tenantId, 0);
    block.writeUInt32BE(reservationId, 4);
    return `${CONFERENCE_PREFIX}${this.#names.cipher.update(block).toString('hex')}`;
  }

  readConference(name: string): { tenantId: number; reservationId: number } | undefined {
    if (!CONFERENCE.test(name)) return undefined;
    const block = this.#names.decipher.update(name.slice(CONFERENCE_PREFIX.length), 'hex');
    if (block.readBigUInt64BE(8) !== 0n) return undefined;
    return { tenantId: block.readUInt32BE(0), reservationId: block.readUInt32BE(4) };
  }

  /** Tells whether a given password is the one on record without opening it. */
  digestPassword(password: Secret, place: string): Uint8Array {
    return this.#digest(`password|${place}|${password.reveal()}`);
  }

  #digest(text: string): Uint8Array {
    return new Uint8Array(createHmac('sha256', this.#indexKey).update(text).digest().subarray(0, INDEX_BYTES));
  }
}

export function sealBytes(key: KeyObject, plain: Uint8Array, place: string): Sealed {
  const nonce = drawBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(place, 'utf8'));
  const body = cipher.update(plain);
  cipher.final();
  // An array of its own, not a slice of a pool: these cross to the writer's thread by copy.
  const sealed = new Uint8Array(HEAD_BYTES + body.length + TAG_BYTES);
  sealed[0] = FORMAT;
  sealed.set(nonce, 1);
  sealed.set(body, HEAD_BYTES);
  sealed.set(cipher.getAuthTag(), HEAD_BYTES + body.length);
  return sealed;
}

/** Throws where the key, the place or the bytes are not the ones that were sealed. */
export function openBytes(key: KeyObject, sealed: Sealed, place: string): Buffer {
  if (sealed[0] !== FORMAT || sealed.length < HEAD_BYTES + TAG_BYTES) throw new Error('not a sealed value');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, HEAD_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(place, 'utf8'));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES, -TAG_BYTES)), decipher.final()]);
}
