import type { TenantId, TokenId } from '../../domain/ids.ts';
import { entryOfTenant, entryOfTenantChange, entryOfToken, entryOfTokenRevocation } from '../../domain/journal.ts';
import type { Tenant } from '../../domain/caller.ts';
import type { MadeTenant, MadeToken, NewTenant, NewToken, TenantChange, TenantSummary, TokenRevocation, TokenSummary } from '../access.ts';
import { readTenant, readTenantSummary, readTokenSummary } from '../rows.ts';
import { findAnswer, keepAnswer } from './idempotency.ts';
import { append, insert, query, type Script } from './script.ts';

export const TENANT = 'tenants.tenant_id, tenants.name as tenant_name, on_difference, password_disclosure, is_sandbox';
export const TOKEN = 'token_id, scopes, expires_at, revoked_at';

/** Every change of access moves its revision in the same transaction: by that every server learns of it. */
export function* bumpAccess(): Script<void> {
  yield* query(`update revisions set revision = revision + 1 where name = 'access'`);
}

export function* createTenant(tenant: NewTenant): Script<MadeTenant> {
  yield* bumpAccess();
  const { firstToken, keyed, ...terms } = tenant;
  const answered = keyed && (yield* findAnswer(keyed));
  if (answered !== undefined) return answered;
  const [row] = yield* insert(
    'tenants',
    {
      name: terms.name,
      on_difference: terms.onDifference,
      password_disclosure: terms.passwordDisclosure,
      is_sandbox: Number(terms.isSandbox),
      created_at: terms.at,
    },
    `on conflict (name) do nothing returning ${TENANT}`,
  );
  if (row === undefined) return { kind: 'taken' };
  const made = readTenant(row);
  if (keyed !== undefined) yield* keepAnswer(keyed);
  const owned = { ...firstToken, tenantId: made.tenantId, at: terms.at, origin: terms.origin };
  const entries = [entryOfTenant(terms)];
  if (firstToken !== undefined) entries.push(entryOfToken(firstToken, yield* insertToken({ ...firstToken, ...owned })));
  yield* append(owned, entries);
  return { kind: 'made', tenant: made };
}

export function* updateTenant(change: TenantChange): Script<Tenant | undefined> {
  yield* bumpAccess();
  const [row] = yield* query(`select ${TENANT} from tenants where name = $1 {for update}`, change.name);
  if (row === undefined) return undefined;
  const before = readTenant(row);
  const [changed] = yield* query(
    `update tenants set on_difference = coalesce($2, on_difference), password_disclosure = coalesce($3, password_disclosure)
     where name = $1 returning ${TENANT}`,
    change.name,
    change.onDifference ?? null,
    change.passwordDisclosure ?? null,
  );
  const after = readTenant(changed as NonNullable<typeof changed>);
  yield* append({ ...change, tenantId: before.tenantId }, entryOfTenantChange(before, after));
  return after;
}

export function* createToken(token: NewToken): Script<MadeToken> {
  yield* bumpAccess();
  const answered = yield* findAnswer(token);
  if (answered !== undefined) return answered;
  const tokenId = yield* insertToken(token);
  yield* keepAnswer(token);
  yield* append(token, [entryOfToken(token, tokenId)]);
  return { kind: 'made', tokenId };
}

function* insertToken({ tenantId, name, hash, hint, scopes, at, expiresAt }: NewToken): Script<TokenId> {
  const columns = {
    tenant_id: tenantId,
    name,
    token_hash: hash,
    hint,
    scopes: scopes.join(' '),
    created_at: at,
    expires_at: expiresAt ?? null,
  };
  const [made] = yield* insert('tokens', columns, 'returning token_id');
  return made?.token_id as TokenId;
}

export function* revokeToken(revocation: TokenRevocation): Script<boolean> {
  const { tokenId, at } = revocation;
  yield* bumpAccess();
  const [token] = yield* query('select tenant_id, name, revoked_at from tokens where token_id = $1 {for update}', tokenId);
  if (token === undefined) return false;
  if (token.revoked_at !== null) return true;
  yield* query('update tokens set revoked_at = $2 where token_id = $1', tokenId, at);
  const subject = { ...revocation, tenantId: token.tenant_id as TenantId };
  yield* append(subject, [entryOfTokenRevocation(tokenId, token.name as string)]);
  return true;
}

/** Of one tenant, or of all. */
export function* listTokens(tenantId?: TenantId): Script<TokenSummary[]> {
  const rows = yield* query(
    `select ${TOKEN}, tokens.tenant_id, tokens.name, hint, tokens.created_at, last_used_at, tenants.name as tenant_name
     from tokens join tenants using (tenant_id) where $1 = 0 or tokens.tenant_id = $1 order by token_id`,
    tenantId ?? 0,
  );
  return rows.map(readTokenSummary);
}

/** One, or all. */
export function* listTenants(tenantId?: TenantId): Script<TenantSummary[]> {
  const rows = yield* query(
    `select ${TENANT}, created_at,
       (select count(*) from clients where clients.tenant_id = tenants.tenant_id) as clients,
       (select count(*) from tokens where tokens.tenant_id = tenants.tenant_id and revoked_at is null) as live_tokens
     from tenants where $1 = 0 or tenant_id = $1 order by tenant_id`,
    tenantId ?? 0,
  );
  return rows.map(readTenantSummary);
}

/** The first: whose it is to say what concerns all. Never another one, once there is one. */
export function* findOperatorTenantId(): Script<TenantId | undefined> {
  const [first] = yield* query('select min(tenant_id) as tenant_id from tenants');
  return (first?.tenant_id as TenantId | null | undefined) ?? undefined;
}
