import { OperatorError } from '../../domain/errors.ts';
import type { Store } from '../../store/store.ts';
import { rewrapKeys, type WrappedKeys } from '../../vault/keys.ts';
import {
  adoptNextKeyFile,
  dropNextKeyFile,
  makeKeyFile,
  type MasterKeySource,
  nextMasterKeyPath,
  readMasterKey,
} from '../../vault/master-key.ts';
import { unlockVault } from './unlock-vault.ts';

/**
 * Seals the database's keys with a new master key. Nothing that they sealed is touched, so running servers go on undisturbed.
 * The new key is on disk before the database needs it: after a crash at any point one of the two key files opens the database, and the
 * next start settles which. Each repeat makes yet another key.
 */
export async function rotateMasterKey(store: Store, source: MasterKeySource, newKey: Uint8Array | undefined): Promise<void> {
  await unlockVault(store, source);
  const [wrapped, masterKey] = [await store.findKeys(), readMasterKey(source)];
  if (wrapped === undefined || masterKey === undefined)
    throw new OperatorError('There is no master key to rotate yet. Start the server once.');
  if (source.given !== undefined) {
    if (newKey === undefined) {
      throw new OperatorError(
        'The master key comes from PARLEY_MASTER_KEY, so the new one must come from you: parley key rotate --new-key-file FILE (32 bytes in base64).',
      );
    }
    await replace(store, wrapped, rewrapKeys(masterKey, newKey, wrapped));
    return;
  }
  if (newKey !== undefined)
    throw new OperatorError('Leave out --new-key-file: the master key is a file in the data directory, and a new one is made for you.');
  dropNextKeyFile(source.dataDir);
  const next = makeKeyFile(nextMasterKeyPath(source.dataDir));
  await replace(store, wrapped, rewrapKeys(masterKey, next, wrapped));
  adoptNextKeyFile(source.dataDir);
}

/** Of two rotations at once one wins: the other's key would open nothing. */
async function replace(store: Store, from: WrappedKeys, to: WrappedKeys): Promise<void> {
  if (await store.replaceKeys({ from, to })) return;
  throw new OperatorError(
    'Another rotation finished meanwhile, and nothing was changed by this one. Bring its key here, then run this again.',
  );
}
