import { OperatorError } from '../domain/errors.ts';
import type { VendorSettings } from '../domain/vendor.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';
import { Directory } from './directory/directory.ts';
import { Gateway } from './gateway.ts';
import type { Platform } from './platform.ts';
import { ContractVendor } from './remote/contract-vendor.ts';
import { RemotePlatform } from './remote/remote-platform.ts';
import { requireUsable } from './remote/vendor.ts';

export interface PlatformOptions {
  store: Store;
  vault: Vault;
  baseDomain: string;
  now: () => number;
  /** Undefined: the built-in platform alone. */
  remote: VendorSettings | undefined;
  onCall: (call: string, outcome: string) => void;
}

export interface OpenedPlatform {
  platform: Platform;
  /** Undefined where there is no remote platform. */
  remote: RemotePlatform | undefined;
}

/** The platform that is configured, if this database is one for it: records of a vendor and records of our own do not mix. */
export async function openPlatform({ remote, onCall, ...options }: PlatformOptions): Promise<OpenedPlatform> {
  const { store, vault, now } = options;
  const directory = new Directory(options);
  if (remote === undefined) {
    if (await store.operations.isGateway())
      throw new OperatorError(
        "This database has a remote platform's clients in it. Set PARLEY_PLATFORM_URL and PARLEY_PLATFORM_TOKEN, or use another database.",
      );
    return { platform: directory, remote: undefined };
  }
  const vendor = openVendor(remote, onCall);
  if ((await store.operations.becomeGateway()) === 'has-clients')
    throw new OperatorError(
      'This database has clients of the built-in platform in it, and PARLEY_PLATFORM_URL is set. Use a new database for the remote platform, or unset it.',
    );
  await store.operations.releaseAll();
  const platform = new RemotePlatform({ store, vault, vendor, now, stuckAfterMs: remote.stuckAfterMs });
  return { platform: new Gateway(platform, directory), remote: platform };
}

export function openVendor(
  { url, token, creates, timeoutMs, settleMs }: VendorSettings,
  onCall: PlatformOptions['onCall'],
): ContractVendor {
  const vendor = new ContractVendor({ url, token, creates, callMs: timeoutMs, settleMs, onCall });
  requireUsable(vendor);
  return vendor;
}
