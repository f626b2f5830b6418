import { randomBytes, randomInt } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import type { EndpointId, TenantId } from '../domain/ids.ts';
import { Secret } from '../domain/secret.ts';
import { type Answered, type Idempotency, type IdempotencyKey, openAnswer, sealAnswer } from '../store/idempotency.ts';
import type { StoredWebhook } from '../store/webhooks.ts';
import type { Sealed, Vault } from '../vault/vault.ts';

/** The specification asks for 24 to 64. */
const SECRET_BYTES = 32;
const ENDPOINT_IDS = 2 ** 47;

interface IssuedSecret {
  secret: Secret;
  sealed: Sealed;
}

/** Draws, seals and uses the secrets that deliveries are signed with. */
export class Secrets {
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** Before the endpoint is on record, because its secret is sealed to it. */
  drawEndpointId(): EndpointId {
    return randomInt(1, ENDPOINT_IDS) as EndpointId;
  }

  issue(tenantId: TenantId, endpointId: EndpointId): IssuedSecret {
    const secret = new Secret(`whsec_${randomBytes(SECRET_BYTES).toString('base64')}`);
    return { secret, sealed: this.#vault.seal(secret, placeOf(tenantId, endpointId)) };
  }

  /** What a repeat with the same Idempotency-Key is answered, sealed. */
  keepAnswer(tenantId: TenantId, key: IdempotencyKey | undefined, answer: object): Idempotency | undefined {
    return sealAnswer(this.#vault, tenantId, key, answer);
  }

  openAnswer<T>(tenantId: TenantId, key: IdempotencyKey | undefined, answered: Answered): T {
    return openAnswer<T>(this.#vault, tenantId, key, answered);
  }

  /** The headers of a delivery, with a signature by each secret that is valid. */
  sign(webhook: StoredWebhook, id: string, body: string, now: number): Record<string, string> {
    const { tenantId, endpointId, secretSealed, previousSecretSealed, previousSecretUntil = 0 } = webhook;
    const previous = previousSecretSealed !== undefined && now < previousSecretUntil ? [previousSecretSealed] : [];
    const at = new Date(now);
    const signatures = [secretSealed, ...previous].map((sealed) =>
      new Signer(this.#vault.open(sealed, placeOf(tenantId, endpointId)).reveal()).sign(id, at, body),
    );
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1_000)),
      'webhook-signature': signatures.join(' '),
    };
  }
}

const placeOf = (tenantId: TenantId, endpointId: EndpointId): string => `${tenantId}|webhook|${endpointId}`;
