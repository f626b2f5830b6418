import type { DatabaseSync } from 'node:sqlite';
import type { ClientStatus } from '../../domain/client.ts';
import { decideLifecycle } from '../../domain/lifecycle.ts';
import type { ClientStatusCommand, ClientStatusResult } from '../store.ts';

export function prepareSetClientStatus(db: DatabaseSync): (command: ClientStatusCommand) => ClientStatusResult {
  const select = db.prepare('select status from clients where client_id = ? and tenant_id = ?');
  const update = db.prepare('update clients set status = ?, updated_at = ? where client_id = ?');
  return ({ tenantId, clientId, status, at }) => {
    const client = select.get(clientId, tenantId) as { status: ClientStatus } | undefined;
    if (client === undefined) return { kind: 'not-found' };
    const decision = decideLifecycle(client.status, status);
    if (decision.kind === 'refuse') throw decision.error;
    if (decision.kind === 'set') update.run(status, at, clientId);
    return { kind: decision.kind };
  };
}
