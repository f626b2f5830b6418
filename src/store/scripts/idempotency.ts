import { type Answered, IDEMPOTENCY_MS, type Keyed } from '../idempotency.ts';
import { insert, query, type Script } from './script.ts';

/** What a key was answered before, if it is remembered. */
export function* findAnswer({ tenantId, at, idempotency }: Keyed): Script<Answered | undefined> {
  if (idempotency === undefined) return undefined;
  const select = 'select fingerprint, answer_sealed from idempotency_keys where tenant_id = $1 and key = $2 and created_at >= $3';
  const [known] = yield* query(select, tenantId, idempotency.key, at - IDEMPOTENCY_MS);
  return known && { kind: 'answered', fingerprint: known.fingerprint as Uint8Array, answerSealed: known.answer_sealed as Uint8Array };
}

/** Of two at once the second cannot write this, begins anew, and finds the answer of the first. */
export function* keepAnswer({ tenantId, at, idempotency }: Keyed): Script<void> {
  if (idempotency === undefined) return;
  yield* query('delete from idempotency_keys where created_at < $1', at - IDEMPOTENCY_MS);
  const { key, fingerprint, answerSealed } = idempotency;
  yield* insert('idempotency_keys', { tenant_id: tenantId, key, fingerprint, answer_sealed: answerSealed, created_at: at });
}
