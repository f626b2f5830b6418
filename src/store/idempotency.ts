import { idempotencyKeyReused } from '../domain/errors.ts';
import type { TenantId } from '../domain/ids.ts';
import { Secret } from '../domain/secret.ts';
import type { Sealed, Vault } from '../vault/vault.ts';

/** How long a key is remembered. */
export const IDEMPOTENCY_MS = 24 * 60 * 60 * 1000;

/** A caller's Idempotency-Key, and a digest of what it was sent with. */
export interface IdempotencyKey {
  key: string;
  fingerprint: Uint8Array;
}

/** And what is answered to it from now on. */
export interface Idempotency extends IdempotencyKey {
  answerSealed: Sealed;
}

/** Whose key it is, and when it came. */
export interface Keyed {
  tenantId: TenantId;
  at: number;
  idempotency?: Idempotency | undefined;
}

/** The key was used before: this is what it was answered, if it was the same request. */
export interface Answered {
  kind: 'answered';
  fingerprint: Uint8Array;
  answerSealed: Sealed;
}

/** What a caller's key is kept with. */
export interface CallersKey {
  vault: Vault;
  tenantId: TenantId;
  key: IdempotencyKey | undefined;
}

/** What a repeat with the same key is answered. */
export function sealAnswer(vault: Vault, tenantId: TenantId, key: IdempotencyKey | undefined, answer: object): Idempotency | undefined {
  return key && { ...key, answerSealed: vault.seal(new Secret(JSON.stringify(answer)), placeOf(tenantId, key.key)) };
}

/** Fails with IDEMPOTENCY_KEY_REUSED where the key came with another request. */
export function openAnswer<T>(
  vault: Vault,
  tenantId: TenantId,
  key: IdempotencyKey | undefined,
  { fingerprint, answerSealed }: Answered,
): T {
  if (key === undefined || !Buffer.from(fingerprint).equals(key.fingerprint)) throw idempotencyKeyReused();
  return JSON.parse(vault.open(answerSealed, placeOf(tenantId, key.key)).reveal()) as T;
}

const placeOf = (tenantId: TenantId, key: string): string => `${tenantId}|idempotency|${key}`;
