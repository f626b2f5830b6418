import type { DatabaseSync } from 'node:sqlite';
import { entryOfSignOn } from '../../domain/journal.ts';
import type { SignOnRedemption } from '../sign-on.ts';
import type { Append } from './journal.ts';

export function prepareRedeemSignOn(db: DatabaseSync, append: Append): (redemption: SignOnRedemption) => boolean {
  const forget = db.prepare('delete from sign_ons where expires_at < ?');
  const select = db.prepare(`select external_id, company_id from clients where client_id = ? and tenant_id = ? and status = 'active'`);
  const insert = db.prepare('insert into sign_ons (digest, expires_at) values (?, ?) on conflict (digest) do nothing');
  return (redemption) => {
    const { tenantId, clientId, digest, expiresAt, at } = redemption;
    forget.run(at);
    const row = select.get(clientId, tenantId) as unknown as { external_id: number; company_id: number } | undefined;
    if (row === undefined || insert.run(digest, expiresAt).changes !== 1) return false;
    append({ ...redemption, companyId: row.company_id }, [entryOfSignOn(row.external_id)]);
    return true;
  };
}
