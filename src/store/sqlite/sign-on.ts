import type { DatabaseSync } from 'node:sqlite';
import { entryOfSignOn } from '../../domain/journal.ts';
import type { RedeemedSignOn, SignOnRedemption } from '../sign-on.ts';
import type { Append } from './journal.ts';

interface SignOnRow {
  external_id: number;
  company_id: number;
  moderator_pass_code_sealed: Uint8Array;
  participant_pass_code_sealed: Uint8Array;
}

export function prepareRedeemSignOn(db: DatabaseSync, append: Append): (redemption: SignOnRedemption) => RedeemedSignOn | undefined {
  const forget = db.prepare('delete from sign_ons where expires_at < ?');
  const select = db.prepare(`
    select c.external_id, c.company_id, r.moderator_pass_code_sealed, r.participant_pass_code_sealed
    from clients c join reservations r using (client_id) where c.client_id = ? and c.tenant_id = ? and c.status = 'active'`);
  const insert = db.prepare('insert into sign_ons (digest, expires_at) values (?, ?) on conflict (digest) do nothing');
  return (redemption) => {
    const { tenantId, clientId, digest, expiresAt, at } = redemption;
    forget.run(at);
    const row = select.get(clientId, tenantId) as unknown as SignOnRow | undefined;
    if (row === undefined || insert.run(digest, expiresAt).changes !== 1) return undefined;
    append({ ...redemption, companyId: row.company_id }, [entryOfSignOn(row.external_id)]);
    return {
      externalId: row.external_id,
      moderatorPassCodeSealed: row.moderator_pass_code_sealed,
      participantPassCodeSealed: row.participant_pass_code_sealed,
    };
  };
}
