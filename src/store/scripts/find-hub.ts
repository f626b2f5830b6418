import type { CompanyId, TenantId } from '../../domain/ids.ts';
import type { HubRecord } from '../records.ts';
import { type Dialect, query, sameTenant, type Script } from './script.ts';

/** By its host name, which is no other company's, whichever tenant's that is. */
export function* findHub(dialect: Dialect, hubUrl: string): Script<HubRecord | undefined> {
  const [row] = yield* query(
    `select o.tenant_id, o.company_id, o.name from hubs h join companies o on o.company_id = h.company_id ${sameTenant(dialect, 'o', 'h')} where h.hub_url = $1`,
    hubUrl,
  );
  return row && { tenantId: row.tenant_id as TenantId, companyId: row.company_id as CompanyId, companyName: row.name as string, hubUrl };
}
