import { type Caller, requireScope, type Scope } from '../../domain/caller.ts';
import { tokenNotFound } from '../../domain/errors.ts';
import type { TokenId } from '../../domain/ids.ts';
import { originOf } from '../../domain/journal.ts';
import type { Secret } from '../../domain/secret.ts';
import type { TokenSummary } from '../../store/access.ts';
import type { IdempotencyKey } from '../../store/idempotency.ts';
import type { Store } from '../../store/store.ts';
import { createToken } from './create-token.ts';
import { revokeToken } from './revoke-token.ts';
import { type Administration, keyOf } from './operator.ts';

/** The tenant's, the oldest first, without their secrets. Changes nothing. */
export async function listTokens({ store }: Administration, caller: Caller): Promise<TokenSummary[]> {
  requireScope(caller, 'admin');
  return store.listTokens(caller.tenant.tenantId);
}

/**
 * Makes a token of the caller's tenant and returns it for the only time. Nobody gives a scope that the own token lacks. Each call makes another, except that
 * the same Idempotency-Key gets the same answer for 24 hours.
 */
export async function addToken(
  parts: Administration,
  caller: Caller,
  {
    name,
    scopes,
    expiresAt,
    key,
  }: { name: string; scopes: readonly Scope[]; expiresAt: number | undefined; key: IdempotencyKey | undefined },
): Promise<{ summary: TokenSummary; token: Secret }> {
  requireScope(caller, 'admin');
  for (const scope of scopes) requireScope(caller, scope);
  const wish = { tenant: caller.tenant, name, scopes, expiresAt, origin: originOf(caller), keyed: keyOf(parts, caller, key) };
  const { tokenId, token } = await createToken(parts.store, wish, parts.now());
  return { summary: await findToken(parts.store, caller, tokenId), token };
}

/** Ends a token of the caller's tenant on every node within a second. A repeat is a success. */
export async function endToken({ store, now }: Administration, caller: Caller, tokenId: TokenId): Promise<void> {
  requireScope(caller, 'admin');
  await findToken(store, caller, tokenId);
  await revokeToken(store, tokenId, now(), originOf(caller));
}

async function findToken(store: Store, { tenant }: Caller, tokenId: TokenId): Promise<TokenSummary> {
  const token = (await store.listTokens(tenant.tenantId)).find((one) => one.tokenId === tokenId);
  if (token === undefined) throw tokenNotFound();
  return token;
}
