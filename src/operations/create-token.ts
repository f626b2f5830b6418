import { SCOPES, type Scope, type Tenant } from '../domain/caller.ts';
import { OperatorError } from '../domain/errors.ts';
import type { TokenId } from '../domain/ids.ts';
import type { Secret } from '../domain/secret.ts';
import { type Origin, originOfOperator } from '../domain/journal.ts';
import { findTextProblem } from '../domain/text.ts';
import { generateToken, hashToken, hintOf, isWellFormedToken } from '../domain/token.ts';
import type { Store } from '../store/store.ts';

export interface TokenWish {
  tenant: Tenant;
  name: string;
  scopes?: readonly Scope[];
  expiresAt?: number | undefined;
  /** Undefined: a new one is drawn. */
  token?: Secret;
  origin?: Origin;
}

/** Makes a token and returns it for the only time: the store keeps its hash. Each call makes another. */
export async function createToken(store: Store, wish: TokenWish, now: number): Promise<{ tokenId: TokenId; token: Secret }> {
  const problem = findTextProblem(wish.name);
  if (problem !== undefined) throw new OperatorError(`The token's name ${problem}.`);
  if (wish.expiresAt !== undefined && wish.expiresAt <= now)
    throw new OperatorError('The token would have expired already. Give a time to come.');
  const token = wish.token ?? generateToken(wish.tenant);
  if (!isWellFormedToken(token.reveal())) {
    throw new OperatorError(
      'A token of your own must have 20 to 256 printable ASCII characters without spaces, and not begin with "parley_".',
    );
  }
  const tokenId = await store.createToken({
    tenantId: wish.tenant.tenantId,
    name: wish.name.trim(),
    hash: new Uint8Array(hashToken(token)),
    hint: hintOf(token),
    scopes: wish.scopes ?? SCOPES,
    expiresAt: wish.expiresAt,
    at: now,
    origin: wish.origin ?? originOfOperator(),
  });
  return { tokenId, token };
}
