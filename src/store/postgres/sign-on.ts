import { entryOfSignOn } from '../../domain/journal.ts';
import type { RedeemedSignOn, SignOnRedemption } from '../sign-on.ts';
import type { Database } from './database.ts';
import { appendJournal } from './journal.ts';

const WRITE_MS = 4_000;

export async function redeemSignOn(database: Database, redemption: SignOnRedemption): Promise<RedeemedSignOn | undefined> {
  const { tenantId, clientId, digest, expiresAt, at } = redemption;
  return database.transaction(WRITE_MS, async (query) => {
    await query('delete from sign_ons where expires_at < $1', [at]);
    const [row] = await query(
      `select c.external_id, c.company_id, r.moderator_pass_code_sealed, r.participant_pass_code_sealed
       from clients c join reservations r on r.tenant_id = c.tenant_id and r.client_id = c.client_id
       where c.tenant_id = $1 and c.client_id = $2::bigint and c.status = 'active' for share of c`,
      [tenantId, clientId],
    );
    if (row === undefined) return undefined;
    const insert = 'insert into sign_ons (digest, expires_at) values ($1, $2) on conflict (digest) do nothing returning 1 as fresh';
    const [fresh] = await query(insert, [digest, expiresAt]);
    if (fresh === undefined) return undefined;
    await appendJournal(query, { ...redemption, companyId: row.company_id }, [entryOfSignOn(row.external_id)]);
    return {
      externalId: row.external_id,
      moderatorPassCodeSealed: row.moderator_pass_code_sealed,
      participantPassCodeSealed: row.participant_pass_code_sealed,
    };
  });
}
