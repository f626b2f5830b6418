import { type Caller, requireScope } from '../../domain/caller.ts';
import type { ProvisionRequest } from '../../domain/client.ts';
import type { Platform, Preview } from '../../platform/platform.ts';

/** What this provision would do: the same rules, the same refusals, and nothing is written. */
export async function previewProvision(platform: Platform, caller: Caller, request: ProvisionRequest): Promise<Preview> {
  requireScope(caller, 'read');
  return platform.preview(caller.tenant, request);
}
