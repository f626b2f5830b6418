import { type Parley, ParleyError, type ProvisionedClient, type ProvisionRecord } from '../../../../sdk/src/index.ts';
import { NO_RESULT, type RowResult, type SheetRow } from './sheet-row.ts';

const ALONE = { retries: 0 } as const;

/** Makes of a row what its plan says, by the calls of the contract. A repeat does nothing more and answers the same. */
export async function carryOut(parley: Parley, { outcome, record, status, clientId, detail }: SheetRow): Promise<RowResult> {
  const onlyState = detail.changes.every(({ field }) => field === 'status');
  if (outcome === 'deactivate' || outcome === 'reactivate') {
    const id = clientId as number;
    const provisioned = record === null || onlyState ? undefined : await provision(parley, record);
    await (outcome === 'deactivate' ? parley.clients.deactivate(id, ALONE) : parley.clients.reactivate(id, ALONE));
    return { ...NO_RESULT, ...provisioned, clientId: id, outcome: outcome === 'deactivate' ? 'deactivated' : 'reactivated' };
  }
  const provisioned = await provision(parley, record as ProvisionRecord);
  if (outcome !== 'create' || status !== 'inactive') return provisioned;
  // A client of somebody who has left already.
  await parley.clients.deactivate(provisioned.clientId as number, ALONE);
  return { ...provisioned, message: 'and deactivated' };
}

async function provision(parley: Parley, record: ProvisionRecord): Promise<RowResult> {
  const { clientId, companyId, password, passCodes, hub, outcome }: ProvisionedClient = await parley.clients.provision(record, ALONE);
  return { ...NO_RESULT, outcome, clientId, companyId, password, ...passCodes, hubUrl: hub.hubUrl };
}

export function failed(row: SheetRow, message: string): RowResult {
  return { ...NO_RESULT, outcome: 'failed', clientId: row.clientId, message };
}

/** What a refusal says of the row itself. */
export function refusalOf(error: ParleyError): string {
  const fields = Object.entries(error.fields);
  return fields.length === 0 ? error.message : fields.map(([field, problem]) => `${field} ${problem}`).join('; ');
}

/** A fault of every call, such as a token that has been revoked: no row can do anything about it. */
export function isOfAll({ code }: ParleyError): boolean {
  return code === 'UNAUTHORIZED' || code === 'SCOPE_REQUIRED' || code === 'PATH_NOT_FOUND' || code === 'ANSWER_UNREADABLE';
}
