import type { CallOptions, Sender } from '../sender.ts';

export interface IdempotentOptions extends CallOptions {
  /** Drawn where it is left out: so the repeats of one call after lost answers are one. */
  idempotencyKey?: string | undefined;
}

export interface Action {
  method: 'POST' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  idempotencyKey?: string | undefined;
}

/** Of calls that may each be repeated: one asks for a state, or has a key, or a second one does no harm. */
export async function act<T>(sender: Sender, { idempotencyKey, ...action }: Action, options: CallOptions = {}): Promise<T> {
  const call = { body: undefined, ...action, headers: { 'idempotency-key': idempotencyKey }, isRepeatable: true };
  return (await sender.send<T>(call, options)).body;
}
