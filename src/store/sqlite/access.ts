import type { DatabaseSync } from 'node:sqlite';
import type { Tenant } from '../../domain/caller.ts';
import { entryOfTenant, entryOfTenantChange, entryOfToken, entryOfTokenRevocation } from '../../domain/journal.ts';
import type { TenantId, TokenId } from '../../domain/ids.ts';
import type { NewTenant, NewToken, TenantChange, TenantSummary, TokenRecord, TokenRevocation, TokenSummary, TokenUse } from '../store.ts';
import { readTenant, readTenantSummary, readToken, readTokenSummary, type Row } from '../rows.ts';
import type { Append } from './journal.ts';

const TENANT = 'tenants.tenant_id, tenants.name as tenant_name, on_difference, password_disclosure, is_sandbox';
const TOKEN = 'token_id, scopes, expires_at, revoked_at';

/** Tenants and tokens: the writes. Each moves the access revision, by which every server learns of it. */
export function prepareAccessWrites(db: DatabaseSync, append: Append) {
  const bump = db.prepare(`update revisions set revision = revision + 1 where name = 'access'`);
  const insertTenant = db.prepare(`
    insert into tenants (name, on_difference, password_disclosure, is_sandbox, created_at) values (?, ?, ?, ?, ?)
    on conflict (name) do nothing returning ${TENANT}`);
  const selectTenant = db.prepare(`select ${TENANT} from tenants where name = ?`);
  const updateTenant = db.prepare(`
    update tenants set on_difference = coalesce(?, on_difference), password_disclosure = coalesce(?, password_disclosure)
    where name = ? returning ${TENANT}`);
  const insertToken = db.prepare(`
    insert into tokens (tenant_id, name, token_hash, hint, scopes, created_at, expires_at) values (?, ?, ?, ?, ?, ?, ?)`);
  const revokeToken = db.prepare('update tokens set revoked_at = ? where token_id = ? and revoked_at is null');
  const selectToken = db.prepare('select tenant_id, name from tokens where token_id = ?');
  const useToken = db.prepare('update tokens set last_used_at = max(coalesce(last_used_at, 0), ?) where token_id = ?');

  return {
    createTenant(tenant: NewTenant): Tenant | undefined {
      bump.run();
      const row = insertTenant.get(tenant.name, tenant.onDifference, tenant.passwordDisclosure, Number(tenant.isSandbox), tenant.at) as
        | Row
        | undefined;
      if (row === undefined) return undefined;
      const made = readTenant(row);
      append({ ...tenant, tenantId: made.tenantId }, [entryOfTenant(tenant)]);
      return made;
    },
    updateTenant(change: TenantChange): Tenant | undefined {
      const row = selectTenant.get(change.name) as Row | undefined;
      if (row === undefined) return undefined;
      bump.run();
      const before = readTenant(row);
      const after = readTenant(updateTenant.get(change.onDifference ?? null, change.passwordDisclosure ?? null, change.name) as Row);
      append({ ...change, tenantId: before.tenantId }, entryOfTenantChange(before, after));
      return after;
    },
    createToken(token: NewToken): TokenId {
      bump.run();
      const scopes = token.scopes.join(' ');
      const { tenantId, name, hash, hint, at, expiresAt } = token;
      const tokenId = Number(insertToken.run(tenantId, name, hash, hint, scopes, at, expiresAt ?? null).lastInsertRowid) as TokenId;
      append(token, [entryOfToken(token, tokenId)]);
      return tokenId;
    },
    revokeToken(revocation: TokenRevocation): boolean {
      const { tokenId, at } = revocation;
      const token = selectToken.get(tokenId) as { tenant_id: TenantId; name: string } | undefined;
      if (token === undefined) return false;
      bump.run();
      if (revokeToken.run(at, tokenId).changes === 1)
        append({ ...revocation, tenantId: token.tenant_id }, [entryOfTokenRevocation(tokenId, token.name)]);
      return true;
    },
    recordTokenUses(uses: readonly TokenUse[]): void {
      for (const use of uses) useToken.run(use.at, use.tokenId);
    },
  };
}

/** Tenants and tokens: the reads. */
export function prepareAccessReads(db: DatabaseSync) {
  const revision = db.prepare(`select revision from revisions where name = 'access'`);
  const selectToken = db.prepare(`
    select ${TOKEN}, token_hash, ${TENANT} from tokens join tenants using (tenant_id) where token_hash = ?`);
  const selectTokens = db.prepare(`
    select ${TOKEN}, tokens.name, hint, tokens.created_at, last_used_at, tenants.name as tenant_name
    from tokens join tenants using (tenant_id) order by token_id`);
  const selectTenants = db.prepare(`
    select ${TENANT}, created_at,
      (select count(*) from clients where clients.tenant_id = tenants.tenant_id) as clients,
      (select count(*) from tokens where tokens.tenant_id = tenants.tenant_id and revoked_at is null) as live_tokens
    from tenants order by tenant_id`);

  return {
    revision: (): number => (revision.get() as { revision: number }).revision,
    findToken(hash: Uint8Array): TokenRecord | undefined {
      const row = selectToken.get(hash) as Row | undefined;
      return row && { ...readToken(row), hash: row.token_hash as Uint8Array, tenant: readTenant(row) };
    },
    listTokens: (): TokenSummary[] => (selectTokens.all() as Row[]).map(readTokenSummary),
    listTenants: (): TenantSummary[] => (selectTenants.all() as Row[]).map(readTenantSummary),
  };
}
