import { clientDetailsOf } from '../../../domain/provisioning.ts';
import { findDifferences } from '../../../domain/moving/drift.ts';
import type { Client, Parley } from '../../../../sdk/src/index.ts';
import { fieldsOf, type SheetRow } from './sheet-row.ts';
import type { Worksheet } from './worksheet.ts';

const PAGE = 500;
const ROWS_IN_A_TRANSACTION = 500;

/** Flags are of the company, and the list of clients does not have them. */
type Flags = { isGlobalMeetEnabled: boolean; isWebConfEnabled: boolean };

/** Goes through all clients on record once, and marks in the worksheet what each row of the caller's list differs in. */
export async function compareLists(sheet: Worksheet, parley: Parley, tell: (done: number) => void): Promise<void> {
  const flags = new Map<number, Flags>();
  for await (const { companyId, isGlobalMeetEnabled, isWebConfEnabled } of parley.companies.list({ pageSize: PAGE }))
    flags.set(companyId, { isGlobalMeetEnabled, isWebConfEnabled });
  let added = sheet.lastRow();
  let done = 0;
  let waiting: Client[] = [];
  const flush = (): void => {
    sheet.write(() => {
      for (const client of waiting) added += compareOne(sheet, client, flags.get(client.company.companyId), added + 1);
    });
    done += waiting.length;
    waiting = [];
    tell(done);
  };
  for await (const client of parley.clients.list({ pageSize: PAGE })) if (waiting.push(client) >= ROWS_IN_A_TRANSACTION) flush();
  flush();
  sheet.write(() => sheet.markMissing());
}

/** Answers with 1 where a row was added for a client that the list does not have. */
function compareOne(sheet: Worksheet, client: Client, flags: Flags | undefined, nextRow: number): 0 | 1 {
  const row = sheet.findByExternalId(client.externalId) ?? sheet.findByClientId(client.clientId);
  const isGone = client.status === 'terminated' || client.status === 'erased';
  if (row === undefined) {
    // Who has left is missing from most lists, and is to be.
    if (client.status !== 'active') return 0;
    sheet.add({ ...ofClient(client), row: nextRow, cells: [], drift: 'missing there', status: 'inactive', outcome: 'deactivate' });
    return 1;
  }
  if (row.outcome !== null) return 0;
  const differences = isGone ? [] : findDifferences(fieldsOf(row.record), recordedOf(client, flags));
  const changes = differences.map(({ field, theirs, ours }) => ({
    field,
    from: ours as string | boolean | null,
    to: theirs as string | boolean | null,
  }));
  const wanted = row.status;
  const isOther = wanted !== null && wanted !== (client.status === 'active' ? 'active' : 'inactive');
  if (isOther) changes.push({ field: 'status', from: client.status, to: wanted });
  const drift = isOther ? 'state differs' : changes.length > 0 ? 'differs' : null;
  sheet.mark(row.row, {
    drift,
    outcome: drift === null ? 'unchanged' : null,
    clientId: client.clientId,
    basis: client.updatedAt,
    detail: { ...row.detail, changes },
  });
  return 0;
}

function ofClient(client: Client): Omit<SheetRow, 'row' | 'cells' | 'drift' | 'status' | 'outcome'> {
  const { clientId, externalId, updatedAt: basis, first, last, company } = client;
  const problem = {
    column: `client ${clientId}`,
    message: `(${`${first} ${last}`.trim()}, ${company.name}; your id ${externalId}) is active here and not on the list`,
  };
  return {
    clientId,
    externalId,
    basis,
    record: null,
    detail: { changes: [{ field: 'status', from: 'active', to: 'inactive' }], problems: [problem], repairs: [] },
  };
}

function recordedOf(client: Client, flags: Flags | undefined): Record<string, string | number | boolean | null> {
  const { company } = client;
  return {
    'company.externalId': company.externalId,
    'company.enterpriseId': company.enterpriseId,
    'company.name': company.name,
    ...(flags && { 'company.isGlobalMeetEnabled': flags.isGlobalMeetEnabled, 'company.isWebConfEnabled': flags.isWebConfEnabled }),
    ...clientDetailsOf(client, client.contact),
  };
}
