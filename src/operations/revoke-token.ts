import { OperatorError } from '../domain/errors.ts';
import type { TokenId } from '../domain/ids.ts';
import { originOfOperator } from '../domain/journal.ts';
import type { Store } from '../store/store.ts';

/** Ends a token on every running server within a second. A repeat is a success; the time of the first stays. */
export async function revokeToken(store: Store, tokenId: TokenId, now: number): Promise<void> {
  const exists = await store.revokeToken({ tokenId, at: now, origin: originOfOperator() });
  if (!exists) throw new OperatorError(`There is no token ${tokenId}. See: parley token list`);
}
