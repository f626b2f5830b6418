import type { ClientId, EndpointId, TenantId } from '../domain/ids.ts';
import type { EventType, Origin } from '../domain/journal.ts';
import type { Attempt, Delivery, DeliveryState, Webhook, WebhookChoices } from '../domain/webhook.ts';
import type { Sealed } from '../vault/vault.ts';
import type { Answered, Idempotency } from './idempotency.ts';
import type { JournalEntry } from './journal.ts';

/**
 * Where events are sent, and what is yet to be. Times of retries are the caller's clock's; leases are measured by the database's, so that
 * nodes agree on them.
 */
export interface WebhookStore {
  create(endpoint: NewWebhook): Promise<{ kind: 'created'; webhook: Webhook } | { kind: 'too-many' } | Answered>;
  list(tenantId: TenantId): Promise<Webhook[]>;
  find(key: EndpointKey): Promise<StoredWebhook | undefined>;
  /** Undefined where there is none. What was so already is no change and leaves no entry. */
  update(change: WebhookChange): Promise<Webhook | undefined>;
  /** The secret of now becomes the previous one, and the previous one is gone. */
  rotateSecret(rotation: SecretRotation): Promise<{ kind: 'rotated' } | { kind: 'not-found' } | Answered>;
  /** With its deliveries; those that are many go bit by bit, and nobody sees them any more. False where there is none. */
  remove(removal: EndpointKey & { at: number; origin: Origin }): Promise<boolean>;
  /** Puts on record that events are to be sent once more. */
  replay(replay: Replay): Promise<{ kind: 'begun' } | { kind: 'not-found' } | { kind: 'too-many' } | Answered>;

  listDeliveries(query: DeliveryQuery): Promise<Delivery[]>;
  /** Makes a delivery due, whatever became of it. False where there is none. */
  retry(retry: { tenantId: TenantId; deliveryId: number; at: number }): Promise<boolean>;

  findWork(at: number): Promise<Work>;
  /** Makes deliveries of what was journaled since, and moves on; never twice for the same entry. Says whether there is more. */
  fanOut(command: { endpointId: EndpointId; at: number; limit: number }): Promise<boolean>;
  /** The same for a replay, which is forgotten when it is through. */
  advanceReplay(command: { replayId: number; endpointId: EndpointId; at: number; limit: number }): Promise<boolean>;
  /** Takes what is due for `leaseMs`: of each client the earliest alone. */
  claim(claim: DeliveryClaim): Promise<ClaimedDelivery[]>;
  /** What came of an attempt. Nothing happens where the claim is lost. */
  settle(settlement: Settlement): Promise<Settled>;
  /** Gives back what was claimed and not carried through. */
  release(claim: { deliveryId: number; epoch: number }): Promise<void>;
  /** After a start: whoever held a lease is dead. Only where one process has the database to itself. */
  releaseAll(): Promise<void>;
  /** Forgets a bounded number of what was settled before, and of what was deleted. Says whether there is more. */
  prune(command: { settledBefore: number; limit: number }): Promise<boolean>;
  count(): Promise<{ pending: number; oldestAt: number | undefined; disabled: number }>;
}

export interface EndpointKey {
  tenantId: TenantId;
  endpointId: EndpointId;
}

export interface StoredWebhook extends Webhook {
  secretSealed: Sealed;
  previousSecretSealed: Sealed | undefined;
}

export interface NewWebhook extends EndpointKey {
  choices: WebhookChoices;
  secretSealed: Sealed;
  /** Undefined: it begins with what is to come. */
  after: number | undefined;
  at: number;
  origin: Origin;
  idempotency: Idempotency | undefined;
}

export interface WebhookChange extends EndpointKey {
  choices: Partial<WebhookChoices>;
  at: number;
  origin: Origin;
}

export interface SecretRotation extends EndpointKey {
  secretSealed: Sealed;
  previousUntil: number;
  at: number;
  origin: Origin;
  idempotency: Idempotency | undefined;
}

export interface Replay extends EndpointKey {
  after: number;
  since: number;
  until: number;
  types: readonly EventType[] | undefined;
  at: number;
  idempotency: Idempotency | undefined;
}

export interface DeliveryQuery extends EndpointKey {
  before: number;
  state: DeliveryState | undefined;
  clientId: ClientId | undefined;
  limit: number;
}

/** Where there is something to do. */
export interface Work {
  behind: EndpointId[];
  replays: { replayId: number; endpointId: EndpointId }[];
  due: EndpointId[];
}

export interface DeliveryClaim {
  endpointId: EndpointId;
  at: number;
  leaseMs: number;
  limit: number;
  /** While nothing arrives there. */
  limitWhileFailing: number;
}

export interface ClaimedDelivery {
  deliveryId: number;
  epoch: number;
  attempts: number;
  webhook: StoredWebhook;
  entry: JournalEntry;
}

export interface Settlement {
  endpointId: EndpointId;
  deliveryId: number;
  epoch: number;
  at: number;
  attempt: Attempt;
  /** Undefined: given up. */
  retryInMs: number | undefined;
}

/** `disabled` where this was the attempt after which the endpoint is left alone. */
export type Settled = 'lost' | 'recorded' | 'disabled';
