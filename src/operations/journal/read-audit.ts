import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ClientId } from '../../domain/ids.ts';
import type { EntryType } from '../../domain/journal.ts';
import type { JournalEntry } from '../../store/journal.ts';
import type { Store } from '../../store/store.ts';

export interface AuditQuery {
  /** Older than this one: the pages go back in time. */
  before?: number | undefined;
  since?: number | undefined;
  types?: readonly EntryType[] | undefined;
  clientId?: ClientId | undefined;
  limit: number;
}

/** Who did what, newest first, with before and after. Secrets are masked; what was erased of a person is not there. Changes nothing. */
export async function readAudit(store: Store, caller: Caller, query: AuditQuery): Promise<JournalEntry[]> {
  requireScope(caller, 'admin');
  return store.readJournal({ ...query, tenantId: caller.tenant.tenantId, order: 'desc' });
}
