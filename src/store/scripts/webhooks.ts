import type { EndpointId } from '../../domain/ids.ts';
import {
  entryOfSecretRotation,
  entryOfWebhook,
  entryOfWebhookChange,
  entryOfWebhookEnd,
  MAX_ENDPOINTS,
  MAX_REPLAYS,
  type Webhook,
  type WebhookChoices,
} from '../../domain/webhook.ts';
import type { Answered } from '../idempotency.ts';
import type { EndpointKey, NewWebhook, Replay, SecretRotation, StoredWebhook, WebhookChange, WebhookStore } from '../webhooks.ts';
import { lockOf, sweepDeleted } from './deliveries.ts';
import { findAnswer, keepAnswer } from './idempotency.ts';
import { append, insert, lock, query, type Script, update, type Value } from './script.ts';
import { find, readWebhook } from './webhook-reads.ts';

/** What a deletion removes at once; what is more goes bit by bit. */
const REMOVED_AT_ONCE = 1_000;

type Outcome<Name extends keyof WebhookStore> = Script<Awaited<ReturnType<WebhookStore[Name]>>>;

export function* create(endpoint: NewWebhook): Outcome<'create'> {
  const { tenantId, endpointId, choices, secretSealed, after, at } = endpoint;
  yield* lock(`webhooks/${tenantId}`);
  const answered = yield* findAnswer(endpoint);
  if (answered !== undefined) return answered;
  const [counted] = yield* query(`select count(*) as n from webhooks where tenant_id = $1 and state <> 'deleted'`, tenantId);
  if (Number(counted?.n) >= MAX_ENDPOINTS) return { kind: 'too-many' };
  const head = yield* findHead(tenantId);
  const place = { endpoint_id: endpointId, tenant_id: tenantId, secret_sealed: secretSealed, read_to: Math.min(after ?? head, head) };
  const [row] = yield* insert('webhooks', { ...place, ...columnsOf(choices, at), created_at: at, updated_at: at }, 'returning *');
  const webhook = readWebhook(row as NonNullable<typeof row>);
  yield* keepAnswer(endpoint);
  yield* append(endpoint, [entryOfWebhook(webhook, choices)]);
  return { kind: 'created', webhook };
}

export function* change(command: WebhookChange): Outcome<'update'> {
  const { endpointId, at } = command;
  yield* lock(lockOf(endpointId));
  const found = yield* find(command);
  if (found === undefined) return undefined;
  const before = choicesOf(found);
  const after = { ...before, ...command.choices };
  const entry = entryOfWebhookChange(found, before, after);
  if (entry === undefined) return found;
  const isEnabledNow = after.isEnabled && !before.isEnabled;
  const state = after.isEnabled === before.isEnabled ? {} : stateOf(after, at);
  const columns = { ...textsOf(after), ...state, updated_at: at };
  const [row] = yield* query(...updateReturning(columns, endpointId));
  // A fresh start for what waits: in the same order, and with all of its attempts.
  if (isEnabledNow) {
    yield* query(
      `update webhook_deliveries set attempts = 0, next_at = case when next_at is null then null else cast($2 as bigint) end
       where endpoint_id = $1 and state = 'pending'`,
      endpointId,
      at,
    );
  }
  yield* append(command, [entry]);
  return readWebhook(row as NonNullable<typeof row>);
}

export function* rotateSecret(rotation: SecretRotation): Outcome<'rotateSecret'> {
  const { endpointId, at, secretSealed, previousUntil } = rotation;
  yield* lock(lockOf(endpointId));
  const answered = yield* findAnswer(rotation);
  if (answered !== undefined) return answered;
  const found = yield* find(rotation);
  if (found === undefined) return { kind: 'not-found' };
  const previous = { previous_secret_sealed: found.secretSealed, previous_until: previousUntil };
  yield* update('webhooks', { secret_sealed: secretSealed, ...previous, updated_at: at }, 'endpoint_id = $1', endpointId);
  yield* keepAnswer(rotation);
  yield* append(rotation, [entryOfSecretRotation(found, previousUntil)]);
  return { kind: 'rotated' };
}

export function* remove(removal: Parameters<WebhookStore['remove']>[0]): Outcome<'remove'> {
  const { endpointId } = removal;
  yield* lock(lockOf(endpointId));
  const found = yield* find(removal);
  if (found === undefined) return false;
  const forgotten = { secret_sealed: new Uint8Array(), previous_secret_sealed: null, previous_until: null };
  yield* update('webhooks', { state: 'deleted', ...forgotten }, 'endpoint_id = $1', endpointId);
  yield* query('delete from webhook_replays where endpoint_id = $1', endpointId);
  yield* sweepDeleted(endpointId, REMOVED_AT_ONCE);
  yield* append(removal, [entryOfWebhookEnd(found, found)]);
  return true;
}

/** Up to where the endpoint has been told: what comes after comes anyway. */
export function* replay(command: Replay): Outcome<'replay'> {
  const { endpointId, after, since, until, types } = command;
  yield* lock(lockOf(endpointId));
  const answered: Answered | undefined = yield* findAnswer(command);
  if (answered !== undefined) return answered;
  const found = yield* find(command);
  if (found === undefined) return { kind: 'not-found' };
  const [counted] = yield* query('select count(*) as n from webhook_replays where endpoint_id = $1', endpointId);
  if (Number(counted?.n) >= MAX_REPLAYS) return { kind: 'too-many' };
  const untilSeq = found.readTo;
  const range = { read_to: Math.min(after, untilSeq), until_seq: untilSeq, since_at: since, until_at: until };
  yield* insert('webhook_replays', { endpoint_id: endpointId, ...range, types: types?.join(' ') ?? null });
  yield* keepAnswer(command);
  return { kind: 'begun' };
}

function* findHead(tenantId: EndpointKey['tenantId']): Script<number> {
  const [head] = yield* query('select seq from journal_heads where tenant_id = $1', tenantId);
  return Number(head?.seq ?? 0);
}

function choicesOf({ url, types, description, isEnabled }: StoredWebhook | Webhook): WebhookChoices {
  return { url, types, description, isEnabled };
}

function textsOf({ url, types, description }: WebhookChoices): Record<string, Value> {
  return { url, types: types?.join(' ') ?? null, description: description ?? null };
}

function stateOf({ isEnabled }: WebhookChoices, at: number): Record<string, Value> {
  return isEnabled
    ? { state: 'enabled', disabled_reason: null, disabled_at: null, failing_since: null }
    : { state: 'disabled', disabled_reason: 'caller', disabled_at: at };
}

function columnsOf(choices: WebhookChoices, at: number): Record<string, Value> {
  return { ...textsOf(choices), ...stateOf(choices, at) };
}

function updateReturning(columns: Record<string, Value>, endpointId: EndpointId): [string, ...Value[]] {
  const places = Object.keys(columns).map((name, i) => `${name} = $${i + 2}`);
  return [`update webhooks set ${places.join(', ')} where endpoint_id = $1 returning *`, endpointId, ...Object.values(columns)];
}
