import { type Caller, requireScope } from '../../domain/caller.ts';
import { PASS_CODE_SPACE } from '../../domain/pass-code.ts';
import type { Statistics } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';

export interface StatisticsAndPool extends Statistics {
  /** Of all tenants together: a code opens one room, whosever it is. */
  passCodes: { reserved: number; space: number; density: number };
}

/** How many records the tenant has, and how full the pool of pass codes is. Counts everything: seconds on a large tenant. */
export async function readStatistics(store: Store, caller: Caller): Promise<StatisticsAndPool> {
  requireScope(caller, 'read');
  const [statistics, reserved] = await Promise.all([store.countForTenant(caller.tenant.tenantId), store.countPassCodes()]);
  return { ...statistics, passCodes: { reserved, space: PASS_CODE_SPACE, density: reserved / PASS_CODE_SPACE } };
}
