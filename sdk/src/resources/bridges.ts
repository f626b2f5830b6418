import type { Answer, Body } from '../operation.ts';
import { readAll, readPage } from '../pages.ts';
import { type CallOptions, drawId, type Sender } from '../sender.ts';
import { act, type IdempotentOptions } from './act.ts';

export type Bridge = Answer<'getBridge'>;
/** With the credential, which is shown this once. */
export type CreatedBridge = Answer<'createBridge'>;
export type RotatedCredential = Answer<'rotateBridgeCredential'>;
export type BridgeRecord = Body<'createBridge'>;
export type BridgeChanges = Body<'updateBridge'>;

/** Conferencing bridges that may ask whose pass code it is. All of it needs the scope `admin`. */
export class Bridges {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** Lets a bridge ask. Keep the `credential`: it is shown this once. Refused with `BRIDGE_EXISTS`, `OPERATOR_REQUIRED`. */
  create(record: BridgeRecord, { idempotencyKey = drawId(), ...options }: IdempotentOptions = {}): Promise<CreatedBridge> {
    return act(this.#sender, { method: 'POST', path: '/v1/bridges', body: record, idempotencyKey }, options);
  }

  /** All of them, the oldest first, revoked ones too. */
  list(options: CallOptions = {}): AsyncGenerator<Bridge, void, undefined> {
    return readAll<Bridge, number>(undefined, () => readPage(this.#sender, '/v1/bridges', options));
  }

  /** Refused with `BRIDGE_NOT_FOUND`. */
  get(bridgeId: number, options?: CallOptions): Promise<Bridge> {
    return readPage(this.#sender, pathOf(bridgeId), { ...options });
  }

  /** What is not named stays; null takes away. Refused with `BRIDGE_NOT_FOUND`, `OPERATOR_REQUIRED`. */
  update(bridgeId: number, changes: BridgeChanges, options?: CallOptions): Promise<Bridge> {
    return act(this.#sender, { method: 'PATCH', path: pathOf(bridgeId), body: changes }, options);
  }

  /** Another credential, shown this once; the one before opens nothing within a second. Refused with `BRIDGE_NOT_FOUND`. */
  rotateCredential(bridgeId: number, { idempotencyKey = drawId(), ...options }: IdempotentOptions = {}): Promise<RotatedCredential> {
    return act(this.#sender, { method: 'POST', path: pathOf(bridgeId, '/rotate-credential'), idempotencyKey }, options);
  }

  /** Ends its credential and forgets its secrets. Refused with `BRIDGE_NOT_FOUND`. */
  async revoke(bridgeId: number, options?: CallOptions): Promise<void> {
    await act(this.#sender, { method: 'DELETE', path: pathOf(bridgeId) }, options);
  }
}

function pathOf(bridgeId: number, action = ''): string {
  return `/v1/bridges/${encodeURIComponent(bridgeId)}${action}`;
}
