import type { DatabaseSync } from 'node:sqlite';
import type { TenantId } from '../../domain/ids.ts';
import type { NewTenant, NewToken, TenantChange, TokenRecord, TokenRevocation, TokenUse } from '../access.ts';
import { readTenant, readToken, type Row } from '../rows.ts';
import * as access from '../scripts/access.ts';
import type { Append } from './journal.ts';
import { prepareScripts } from './script.ts';

/** Tenants and tokens: the writes. */
export function prepareAccessWrites(db: DatabaseSync, append: Append) {
  const run = prepareScripts(db, append);
  const useToken = db.prepare('update tokens set last_used_at = max(coalesce(last_used_at, 0), ?) where token_id = ?');
  return {
    createTenant: (tenant: NewTenant) => run(access.createTenant(tenant)),
    updateTenant: (change: TenantChange) => run(access.updateTenant(change)),
    createToken: (token: NewToken) => run(access.createToken(token)),
    revokeToken: (revocation: TokenRevocation) => run(access.revokeToken(revocation)),
    recordTokenUses(uses: readonly TokenUse[]): void {
      for (const use of uses) useToken.run(use.at, use.tokenId);
    },
  };
}

/** Tenants and tokens: the reads. */
export function prepareAccessReads(db: DatabaseSync) {
  const run = prepareScripts(db);
  const revision = db.prepare(`select revision from revisions where name = 'access'`);
  const selectToken = db.prepare(`
    select ${access.TOKEN}, token_hash, ${access.TENANT} from tokens join tenants using (tenant_id) where token_hash = ?`);
  return {
    revision: (): number => (revision.get() as { revision: number }).revision,
    findToken(hash: Uint8Array): TokenRecord | undefined {
      const row = selectToken.get(hash) as Row | undefined;
      return row && { ...readToken(row), hash: row.token_hash as Uint8Array, tenant: readTenant(row) };
    },
    listTokens: (tenantId?: TenantId) => run(access.listTokens(tenantId)),
    listTenants: (tenantId?: TenantId) => run(access.listTenants(tenantId)),
    findOperatorTenantId: () => run(access.findOperatorTenantId()),
  };
}
