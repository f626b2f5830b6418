import { type Entry, EVENT_TYPES, type EventType } from './journal.ts';
import type { ClientId, EndpointId, TenantId } from './ids.ts';

/** Where a tenant wants its events sent. */
export interface Webhook {
  endpointId: EndpointId;
  tenantId: TenantId;
  url: string;
  /** Undefined: all of them, and those that are yet to be invented. */
  types: readonly EventType[] | undefined;
  description: string | undefined;
  isEnabled: boolean;
  disabledReason: DisabledReason | undefined;
  disabledAt: number | undefined;
  /** Every attempt since then has failed. */
  failingSince: number | undefined;
  /** Up to here the journal was looked at for it. */
  readTo: number;
  /** Until then deliveries are also signed with the secret before this one. */
  previousSecretUntil: number | undefined;
  createdAt: number;
  updatedAt: number;
}

export type DisabledReason = 'caller' | 'gone' | 'failing';

/** What a caller may choose. */
export interface WebhookChoices {
  url: string;
  types: readonly EventType[] | undefined;
  description: string | undefined;
  isEnabled: boolean;
}

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One event for one endpoint, and what became of the last attempt. */
export interface Delivery {
  deliveryId: number;
  seq: number;
  type: string;
  clientId: ClientId | undefined;
  state: DeliveryState;
  isReplay: boolean;
  attempts: number;
  /** Undefined where it is settled, or waits for an earlier one about the same client. */
  nextAt: number | undefined;
  attemptedAt: number | undefined;
  status: number | undefined;
  error: string | undefined;
  excerpt: string | undefined;
  durationMs: number | undefined;
  createdAt: number;
}

/** How one attempt ended. `error` is a sentence of ours; `excerpt` is what the receiver said. */
export interface Attempt {
  outcome: 'delivered' | 'gone' | 'failed';
  status: number | undefined;
  error: string | undefined;
  excerpt: string | undefined;
  durationMs: number;
  retryAfterMs: number | undefined;
}

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
const DAY = 24 * HOUR;

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability, after the first attempt. */
const RETRY_DELAYS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
const JITTER = 0.1;

/** When to try again after so many attempts, or undefined where it is given up. `random` is between 0 and 1. */
export function nextAttemptMs(attempts: number, random: number, retryAfterMs = 0): number | undefined {
  const delay = RETRY_DELAYS_MS[attempts - 1];
  return delay && Math.max(Math.round(delay * (1 + JITTER * random)), Math.min(retryAfterMs, DAY));
}

export const DISABLE_AFTER_MS = 5 * DAY;
export const KEEP_DELIVERIES_MS = 30 * DAY;
export const MAX_ENDPOINTS = 20;
export const MAX_REPLAYS = 5;
/** Past it an endpoint's events wait in the journal and not among the deliveries. */
export const MAX_PENDING = 10_000;
export const MAX_OVERLAP_SECONDS = (7 * DAY) / SECOND;
export const STANDARD_OVERLAP_SECONDS = DAY / SECOND;
const MAX_URL_CHARACTERS = 2_000;

/** The same for every attempt and every replay: a receiver that remembers it knows what it has had. */
export function messageId(endpointId: EndpointId, seq: number): string {
  return `msg_${endpointId}_${seq}`;
}

export function findEventTypeProblem(type: string): string | undefined {
  return EVENT_TYPES.some((known) => known === type) ? undefined : `must be one of ${EVENT_TYPES.join(', ')}`;
}

/** What can be said of a URL without asking anybody. */
export function findUrlProblem(text: string): string | undefined {
  if (text.length > MAX_URL_CHARACTERS) return `must be at most ${MAX_URL_CHARACTERS} characters`;
  if (!/^https?:\/\/[^/]/i.test(text) || /[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return 'must be https://<host>[:<port>][/<path>]';
  const { username, password } = new URL(text);
  if (username !== '' || password !== '') return 'must not hold a user name or a password: deliveries are signed';
  return text.includes('#') ? 'must not have a fragment' : undefined;
}

type Named = Pick<Webhook, 'endpointId'>;

export function entryOfWebhook({ endpointId }: Named, choices: WebhookChoices): Entry {
  const details = Object.fromEntries(namesOf(choices).map((name) => [name, [null, shown(choices[name])] as const]));
  return { type: 'webhook.created', subject: 'tenant', data: { endpointId }, details };
}

/** None where everything was so already. */
export function entryOfWebhookChange({ endpointId }: Named, before: WebhookChoices, after: WebhookChoices): Entry | undefined {
  const changed = namesOf(after).filter((name) => JSON.stringify(shown(before[name])) !== JSON.stringify(shown(after[name])));
  if (changed.length === 0) return undefined;
  const details = Object.fromEntries(changed.map((name) => [name, [shown(before[name]), shown(after[name])] as const]));
  return { type: 'webhook.updated', subject: 'tenant', data: { endpointId, changed }, details };
}

export function entryOfSecretRotation({ endpointId }: Named, previousUntil: number): Entry {
  const data = { endpointId, previousUntil: new Date(previousUntil).toISOString() };
  return { type: 'webhook.secret_rotated', subject: 'tenant', data, details: { secret: ['***', '***'] } };
}

export function entryOfWebhookEnd({ endpointId }: Named, { url }: WebhookChoices): Entry {
  return { type: 'webhook.deleted', subject: 'tenant', data: { endpointId }, details: { url: [url, null] } };
}

/** Told to the tenant's other endpoints, and to whoever reads events. Its data begins with the id, by which the endpoint itself is left out. */
export function entryOfDisabling({ endpointId }: Named, reason: DisabledReason): Entry {
  return { type: 'webhook.endpoint_disabled', subject: 'tenant', data: { endpointId, reason }, details: undefined };
}

export function dataOfDisabling(endpointId: EndpointId): string {
  return `{"endpointId":${endpointId},%`;
}

const namesOf = (_choices: WebhookChoices): (keyof WebhookChoices)[] => ['url', 'types', 'description', 'isEnabled'];
const shown = (value: unknown): unknown => value ?? null;
