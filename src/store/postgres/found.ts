import type { ClientStatus } from '../../domain/client.ts';
import type { HubId } from '../../domain/ids.ts';
import { readRecorded, readStoredClient, type Row } from '../rows.ts';
import type { ClientSummary, Found, Revisions } from '../store.ts';

/** What the functions of the database answer: rows as JSON, bytes in PostgreSQL's hex format. */
interface ProvisionedJson {
  client: JsonRow | null;
  company: JsonRow | null;
}
type JsonRow = Record<string, string | number | boolean | null>;

export interface FoundClient extends Omit<ClientSummary, 'clientId'> {
  externalId: number;
  statusRevision: number;
}

export interface FoundProvisioned extends Found {
  revisions: Revisions;
}

export function readProvisioned(json: unknown, readAt: number): FoundProvisioned {
  const { client, company } = json as ProvisionedJson;
  const [clientRow, companyRow] = [client ? withBytes(client) : undefined, company ?? undefined];
  return {
    recorded: readRecorded(clientRow, companyRow),
    client: clientRow && readStoredClient(clientRow),
    revisions: { client: client?.revision as number | undefined, company: company?.revision as number | undefined, readAt },
  };
}

export function readClient(json: unknown): FoundClient | undefined {
  if (json === null || json === undefined) return undefined;
  const row = json as JsonRow;
  return {
    externalId: row.external_id as number,
    status: row.status as ClientStatus,
    statusRevision: row.status_revision as number,
    hub: { hubId: row.hub_id as HubId, hubUrl: row.hub_url as string },
  };
}

function withBytes(row: JsonRow): Row {
  const bytes = Object.entries(row).filter(([column]) => /_(sealed|digest)$/.test(column));
  return { ...row, ...Object.fromEntries(bytes.map(([column, hex]) => [column, Buffer.from((hex as string).slice(2), 'hex')])) };
}
