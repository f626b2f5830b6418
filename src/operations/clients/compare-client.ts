import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ProvisionRequest } from '../../domain/client.ts';
import { type ComparisonOutcome, type DetailChange, outcomeOf, type WantedStatus } from '../../domain/comparison.ts';
import { ProvisioningError } from '../../domain/errors.ts';
import type { ClientId } from '../../domain/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Store } from '../../store/store.ts';

export interface Comparison {
  outcome: ComparisonOutcome;
  clientId: ClientId | undefined;
  changes: readonly DetailChange[];
  /** Undefined where there is a conflict. */
  basis: string | undefined;
  conflict: ProvisioningError | undefined;
}

/** One wanted record and state against what is on record: the same decision as a provision makes, and nothing is written. A conflict is an answer. */
export async function compareClient(
  { platform, store }: { platform: Platform; store: Store },
  caller: Caller,
  request: ProvisionRequest,
  status: WantedStatus | undefined,
): Promise<Comparison> {
  requireScope(caller, 'read');
  try {
    const found = await platform.preview(caller.tenant, request);
    return { ...outcomeOf(found, status), clientId: found.clientId, basis: found.basis, conflict: undefined };
  } catch (error) {
    if (!(error instanceof ProvisioningError) || !CONFLICTS.has(error.code)) throw error;
    const existing = await store.findClientRecord(caller.tenant.tenantId, { externalId: request.client.externalId });
    return { outcome: 'conflict', clientId: existing?.clientId, changes: [], basis: undefined, conflict: error };
  }
}

const CONFLICTS: ReadonlySet<string> = new Set([
  'CLIENT_COMPANY_MISMATCH',
  'COMPANY_ENTERPRISE_MISMATCH',
  'CLIENT_TERMINATED',
  'DETAILS_DIFFER',
]);
