import { entryOfSignOn } from '../../domain/journal.ts';
import type { SignOnRedemption } from '../sign-on.ts';
import type { Database } from './database.ts';
import { appendJournal } from './journal.ts';

const WRITE_MS = 4_000;

export async function redeemSignOn(database: Database, redemption: SignOnRedemption): Promise<boolean> {
  const { tenantId, clientId, digest, expiresAt, at } = redemption;
  return database.transaction(WRITE_MS, async (query) => {
    await query('delete from sign_ons where expires_at < $1', [at]);
    const [row] = await query(
      `select external_id, company_id from clients where tenant_id = $1 and client_id = $2::bigint and status = 'active' for share`,
      [tenantId, clientId],
    );
    if (row === undefined) return false;
    const insert = 'insert into sign_ons (digest, expires_at) values ($1, $2) on conflict (digest) do nothing returning 1 as fresh';
    const [fresh] = await query(insert, [digest, expiresAt]);
    if (fresh === undefined) return false;
    await appendJournal(query, { ...redemption, companyId: row.company_id }, [entryOfSignOn(row.external_id)]);
    return true;
  });
}
