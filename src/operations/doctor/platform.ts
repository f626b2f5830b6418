import type { Config } from '../../config.ts';
import type { ClientId } from '../../domain/ids.ts';
import type { VendorSettings } from '../../domain/vendor.ts';
import { OWNER } from '../../platform/gateway.ts';
import { openVendor } from '../../platform/open-platform.ts';
import { VendorError } from '../../platform/remote/vendor.ts';
import type { Store } from '../../store/store.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

/** Whether anything waits for somebody at a remote platform, and whether that knows the first of the clients that it should have. */
export async function checkPlatform(store: Store, { platform }: Config): Promise<Finding[]> {
  if (!(await store.operations.isGateway())) return [];
  if (platform === undefined)
    return [warning('platform', "This database has a remote platform's clients. Run this with the server's PARLEY_PLATFORM_ settings.")];
  const { pending, stuck } = await store.operations.count();
  const waiting =
    stuck > 0
      ? warning('operations', `${stuck} of ${pending} need attention: /console/operations says what to do about each`)
      : ok('operations', `${pending} under way, none needs attention`);
  const [client] = await store.listClients({ tenantId: OWNER, status: 'active', limit: 1 });
  return [waiting, client === undefined ? ok('platform', 'not asked: it has no client yet') : await askPlatform(platform, client.clientId)];
}

async function askPlatform(platform: VendorSettings, clientId: ClientId): Promise<Finding> {
  const vendor = openVendor(platform, () => {});
  try {
    await vendor.get(clientId);
    return ok('platform', `${platform.url.host} answers, and knows client ${clientId}`);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    const detail = `${platform.url.host}, asked for client ${clientId}: ${error.message}. See docs/gateway.md`;
    // Away is what a gateway is for; what is set wrongly does not mend by itself.
    return error.failure === 'misconfigured' ? problem('platform', detail) : warning('platform', detail);
  } finally {
    await vendor.close();
  }
}
