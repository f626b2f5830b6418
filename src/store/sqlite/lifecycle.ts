import type { DatabaseSync } from 'node:sqlite';
import type { ClientStatus } from '../../domain/client.ts';
import { decideLifecycle } from '../../domain/lifecycle.ts';
import { entryOfStatus } from '../../domain/journal.ts';
import type { ClientStatusCommand, ClientStatusResult } from '../store.ts';
import type { Append } from './journal.ts';

export function prepareSetClientStatus(db: DatabaseSync, append: Append): (command: ClientStatusCommand) => ClientStatusResult {
  const select = db.prepare('select status, external_id, company_id from clients where client_id = ? and tenant_id = ?');
  const update = db.prepare('update clients set status = ?, updated_at = ? where client_id = ?');
  return (command) => {
    const { tenantId, clientId, status, at } = command;
    const client = select.get(clientId, tenantId) as { status: ClientStatus; external_id: number; company_id: number } | undefined;
    if (client === undefined) return { kind: 'not-found' };
    const decision = decideLifecycle(client.status, status);
    if (decision.kind === 'refuse') throw decision.error;
    if (decision.kind === 'set') {
      update.run(status, at, clientId);
      append({ ...command, companyId: client.company_id }, [entryOfStatus(client.external_id, client.status, status)]);
    }
    return { kind: decision.kind };
  };
}
