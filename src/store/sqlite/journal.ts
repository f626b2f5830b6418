import type { DatabaseSync } from 'node:sqlite';
import { chainHash, type Entry, sealEntry } from '../../domain/journal.ts';
import type { TenantId } from '../../domain/ids.ts';
import { type JournalRow, readJournalEntry, readLink } from '../rows.ts';
import type { JournalEntry, JournalLink, JournalQuery, Subject } from '../journal.ts';

export type Append = (subject: Subject, entries: readonly Entry[]) => void;

/** Within the write's own transaction, so that a change and its entries are there together or not at all. */
export function prepareAppend(db: DatabaseSync): Append {
  const selectHead = db.prepare('select seq, hash from journal_heads where tenant_id = ?');
  const insert = db.prepare(`
    insert into journal (tenant_id, seq, type, at, actor, request_id, client_id, company_id, data, details, salt, digest, hash)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const updateHead = db.prepare(`
    insert into journal_heads (tenant_id, seq, hash) values (?, ?, ?)
    on conflict (tenant_id) do update set seq = excluded.seq, hash = excluded.hash`);

  return function append({ tenantId, at, origin: { actor, requestId }, ...ids }, entries) {
    if (entries.length === 0) return;
    let { seq, hash } = (selectHead.get(tenantId) as { seq: number; hash: Uint8Array } | undefined) ?? { seq: 0, hash: new Uint8Array() };
    for (const entry of entries) {
      const { type, subject, data, details, salt, digest } = sealEntry(entry);
      const clientId = subject === 'client' ? ids.clientId : undefined;
      const companyId = subject === 'tenant' ? undefined : ids.companyId;
      seq++;
      hash = chainHash(hash, { seq, type, at, actor, requestId, clientId, companyId, data }, digest);
      insert.run(
        tenantId,
        seq,
        type,
        at,
        actor,
        requestId,
        clientId ?? null,
        companyId ?? null,
        data,
        details ?? null,
        salt ?? null,
        digest ?? null,
        hash,
      );
    }
    updateHead.run(tenantId, seq, hash);
  };
}

export function prepareJournalReads(db: DatabaseSync) {
  const select = (order: 'asc' | 'desc') =>
    db.prepare(`
      select journal.*, tokens.name as token_name from journal
      left join tokens on journal.actor = 'token:' || tokens.token_id
      where journal.tenant_id = :tenantId and seq > :after and seq < :before and at >= :since
        and (:types is null or type in (select value from json_each(:types))) and (:clientId is null or client_id = :clientId)
      order by seq ${order} limit :limit`);
  const statements = { asc: select('asc'), desc: select('desc') };
  const selectLinks = db.prepare('select * from journal where tenant_id = ? and seq > ? order by seq limit ?');
  const selectHead = db.prepare('select seq, hash from journal_heads where tenant_id = ?');
  const selectHeads = db.prepare('select tenant_id, seq from journal_heads where tenant_id in (select value from json_each(?))');

  return {
    readJournal({ tenantId, after, before, since, types, clientId, order, limit }: JournalQuery): JournalEntry[] {
      const rows = statements[order].all({
        tenantId,
        after: after ?? 0,
        before: before ?? Number.MAX_SAFE_INTEGER,
        since: since ?? 0,
        types: types === undefined ? null : JSON.stringify(types),
        clientId: clientId ?? null,
        limit,
      });
      return (rows as unknown as JournalRow[]).map(readJournalEntry);
    },
    readLinks(tenantId: TenantId, after: number, limit: number): JournalLink[] {
      return (selectLinks.all(tenantId, after, limit) as unknown as JournalRow[]).map(readLink);
    },
    findHeads(tenantIds: readonly TenantId[]): Map<TenantId, number> {
      const rows = selectHeads.all(JSON.stringify(tenantIds)) as { tenant_id: TenantId; seq: number }[];
      return new Map(rows.map(({ tenant_id: tenantId, seq }) => [tenantId, seq]));
    },
    findHead(tenantId: TenantId): { seq: number; hash: Uint8Array } {
      return (selectHead.get(tenantId) as { seq: number; hash: Uint8Array } | undefined) ?? { seq: 0, hash: new Uint8Array() };
    },
  };
}
