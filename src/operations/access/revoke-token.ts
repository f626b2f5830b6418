import type { TokenId } from '../../domain/ids.ts';
import { originOfOperator } from '../../domain/journal.ts';
import type { Store } from '../../store/store.ts';

/** Ends a token on every running server within a second. A repeat is a success; the time of the first stays. False where there is none. */
export function revokeToken(store: Store, tokenId: TokenId, now: number, origin = originOfOperator()): Promise<boolean> {
  return store.revokeToken({ tokenId, at: now, origin });
}
