import type { Bridge } from '../../domain/bridge.ts';
import type { HubRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';

/** A company's hub on the web, as a bridge that opens this company's codes alone. */
export async function hubBridge(store: Store, { tenantId, companyId }: HubRecord): Promise<Bridge> {
  return {
    bridgeId: undefined,
    tokenId: undefined,
    hubOf: companyId,
    name: 'hub',
    dialect: 'json',
    tenantId,
    operatorTenantId: (await store.findOperatorTenantId()) ?? tenantId,
    settings: {},
    secrets: {},
    reportsJoins: true,
  };
}
