import { type Entry, type Origin, sealEntry } from '../../domain/journal.ts';
import type { TenantId } from '../../domain/ids.ts';
import { type JournalRow, readJournalEntry, readLink } from '../rows.ts';
import type { JournalEntry, JournalHead, JournalLink, JournalQuery, Subject } from '../journal.ts';
import { asBytea } from './bytea.ts';
import type { Database, Query } from './database.ts';

/** What append_journal() takes of a write, besides the ids that the write has given. */
export function journaled({ actor, requestId }: Origin, entries: readonly Entry[]): object {
  return {
    actor,
    requestId,
    entries: entries.map((entry) => {
      const { salt, digest, ...sealed } = sealEntry(entry);
      return { ...sealed, ...(salt && { salt: asBytea(salt) }), ...(digest && { digest: asBytea(digest) }) };
    }),
  };
}

/** Within a transaction, as its last statement: from here to the commit no other node can append for the same tenant. */
export async function appendJournal(query: Query, { tenantId, at, origin, ...ids }: Subject, entries: readonly Entry[]): Promise<void> {
  const { clientId, companyId } = ids;
  await query('select append_journal(array[$1::jsonb])', [
    JSON.stringify({ tenantId, at, clientId, companyId, ...journaled(origin, entries) }),
  ]);
}

export class Journal {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async read({ tenantId, after, before, since, types, clientId, order, limit }: JournalQuery): Promise<JournalEntry[]> {
    const rows = await this.#database.query<JournalRow>(
      `select journal.*, tokens.name as token_name from journal
       left join tokens on tokens.token_id = substring(journal.actor from '^token:([0-9]+)$')::integer
       where journal.tenant_id = $1 and seq > $2 and seq < $3 and at >= $4 and ($5::text[] is null or type = any($5))
         and ($6::bigint is null or client_id = $6)
       order by seq ${order} limit $7`,
      [tenantId, after ?? 0, before ?? Number.MAX_SAFE_INTEGER, since ?? 0, types ?? null, clientId ?? null, limit],
    );
    return rows.map(readJournalEntry);
  }

  async links(tenantId: TenantId, after: number, limit: number): Promise<JournalLink[]> {
    const rows = await this.#database.query<JournalRow>('select * from journal where tenant_id = $1 and seq > $2 order by seq limit $3', [
      tenantId,
      after,
      limit,
    ]);
    return rows.map(readLink);
  }

  async head(tenantId: TenantId): Promise<JournalHead> {
    const [row] = await this.#database.query<JournalHead>('select seq, hash from journal_heads where tenant_id = $1', [tenantId]);
    return row ?? { seq: 0, hash: new Uint8Array() };
  }

  async heads(tenantIds: readonly TenantId[]): Promise<Map<TenantId, number>> {
    const rows = await this.#database.query<{ tenant_id: TenantId; seq: number }>(
      'select tenant_id, seq from journal_heads where tenant_id = any($1)',
      [tenantIds],
    );
    return new Map(rows.map(({ tenant_id: tenantId, seq }) => [tenantId, seq]));
  }
}
