import { SCOPES, type Scope, type Tenant } from '../../domain/caller.ts';
import { type FieldProblem, fieldsInvalid } from '../../domain/errors.ts';
import type { TokenId } from '../../domain/ids.ts';
import { Secret } from '../../domain/secret.ts';
import { type Origin, originOfOperator } from '../../domain/journal.ts';
import { findTextProblem } from '../../domain/text.ts';
import { generateToken, hashToken, hintOf, isWellFormedToken } from '../../domain/token.ts';
import { type CallersKey, openAnswer, sealAnswer } from '../../store/idempotency.ts';
import type { TokenTerms } from '../../store/access.ts';
import type { Store } from '../../store/store.ts';

export interface TokenWish {
  tenant: Tenant;
  name: string;
  scopes?: readonly Scope[];
  expiresAt?: number | undefined;
  /** One that somebody has chosen already, as an operator does for the bootstrap token. */
  token?: Secret;
  origin?: Origin;
  keyed?: CallersKey;
}

/** Makes a token and returns it for the only time: the store keeps its hash. Each call makes another, except that a caller's key gets the same one for 24 hours. */
export async function createToken(store: Store, wish: TokenWish, now: number): Promise<{ tokenId: TokenId; token: Secret }> {
  const { tenant, keyed, origin = originOfOperator() } = wish;
  const { token, terms } = drawToken(wish, now);
  const idempotency = keyed && sealAnswer(keyed.vault, tenant.tenantId, keyed.key, { token: token.reveal() });
  const result = await store.createToken({ ...terms, tenantId: tenant.tenantId, at: now, origin, idempotency });
  if (result.kind === 'made') return { tokenId: result.tokenId, token };
  const { vault, key } = keyed as CallersKey;
  const before = new Secret(openAnswer<{ token: string }>(vault, tenant.tenantId, key, result).token);
  const known = await store.findToken(new Uint8Array(hashToken(before)));
  return { tokenId: (known as NonNullable<typeof known>).tokenId, token: before };
}

/** One that is on record nowhere yet. */
export function drawToken(
  {
    tenant,
    name,
    scopes = SCOPES,
    expiresAt,
    token = generateToken(tenant),
  }: Omit<TokenWish, 'tenant'> & { tenant: Pick<Tenant, 'isSandbox'> },
  now: number,
): { token: Secret; terms: TokenTerms } {
  const problems: FieldProblem[] = [];
  const nameProblem = findTextProblem(name);
  if (nameProblem !== undefined) problems.push({ field: 'name', code: 'FIELD_INVALID', message: nameProblem });
  if (expiresAt !== undefined && expiresAt <= now)
    problems.push({ field: 'expiresAt', code: 'FIELD_INVALID', message: 'has passed already: give a time to come' });
  if (!isWellFormedToken(token.reveal())) {
    const message = 'must have 20 to 256 printable ASCII characters without spaces, and not begin with "parley_"';
    problems.push({ field: 'token', code: 'FIELD_INVALID', message });
  }
  if (problems.length > 0) throw fieldsInvalid(problems);
  const hash = new Uint8Array(hashToken(token));
  return { token, terms: { name: name.trim(), hash, hint: hintOf(token), scopes, expiresAt } };
}
