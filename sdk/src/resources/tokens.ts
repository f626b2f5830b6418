import type { Answer, Body } from '../operation.ts';
import { readAll, readPage } from '../pages.ts';
import { type CallOptions, drawId, type Sender } from '../sender.ts';
import { act, type IdempotentOptions } from './act.ts';

export type Token = Answer<'listTokens'>['items'][number];
/** With the token itself, which is shown this once. */
export type CreatedToken = Answer<'createToken'>;
export type TokenRecord = Body<'createToken'>;

/** API tokens of the tenant. All of it needs the scope `admin`. */
export class Tokens {
  readonly #sender: Sender;

  constructor(sender: Sender) {
    this.#sender = sender;
  }

  /** All of them, the oldest first, revoked ones too. */
  list(options: CallOptions = {}): AsyncGenerator<Token, void, undefined> {
    return readAll<Token, number>(undefined, () => readPage(this.#sender, '/v1/tokens', options));
  }

  /** Keep the `token`: it is shown this once. Refused with `SCOPE_REQUIRED` where it would have a scope that the asking token lacks. */
  create(record: TokenRecord, { idempotencyKey = drawId(), ...options }: IdempotentOptions = {}): Promise<CreatedToken> {
    return act(this.#sender, { method: 'POST', path: '/v1/tokens', body: record, idempotencyKey }, options);
  }

  /** Ends a token on every node within a second. Refused with `TOKEN_NOT_FOUND`. */
  async revoke(tokenId: number, options?: CallOptions): Promise<void> {
    await act(this.#sender, { method: 'DELETE', path: `/v1/tokens/${encodeURIComponent(tokenId)}` }, options);
  }
}
