import { OperatorError } from '../../domain/errors.ts';
import type { Store } from '../../store/store.ts';
import { makeKeys, openVault, opensKeys, type WrappedKeys } from '../../vault/keys.ts';
import {
  adoptNextKeyFile,
  dropNextKeyFile,
  makeKeyFile,
  type MasterKeySource,
  masterKeyPath,
  nextMasterKeyPath,
  readKeyFile,
  readMasterKey,
} from '../../vault/master-key.ts';
import { keepPrivate } from '../../vault/private-file.ts';
import type { Vault } from '../../vault/vault.ts';

/** Opens the vault; at the very first start makes the master key and the keys that it wraps. A key that does not fit is one sentence. */
export async function unlockVault(store: Store, source: MasterKeySource): Promise<Vault> {
  for (const path of [masterKeyPath(source.dataDir), nextMasterKeyPath(source.dataDir)]) keepPrivate(path);
  const wrapped = await store.findKeys();
  if (wrapped === undefined) {
    const masterKey = readMasterKey(source) ?? makeKeyFile(masterKeyPath(source.dataDir));
    return openVault(masterKey, await store.ensureKeys(makeKeys(masterKey)));
  }
  if (source.given === undefined) settleRotation(source.dataDir, (key) => opensKeys(key, wrapped));
  const masterKey = readMasterKey(source);
  if (masterKey === undefined) {
    throw new OperatorError(
      `The master key file ${masterKeyPath(source.dataDir)} is missing, and this database is sealed with it. Restore it, or set PARLEY_MASTER_KEY; without it no password or pass code can ever be read.`,
    );
  }
  return openVault(masterKey, wrapped);
}

/**
 * Whether the next start would find a key that opens these. The coming key's file counts, because the start adopts it, and is read first:
 * a rotation that is just under way renames it to the master key's.
 */
export function wouldUnlock(source: MasterKeySource, wrapped: WrappedKeys): boolean {
  const next = source.given === undefined ? readKeyFile(nextMasterKeyPath(source.dataDir)) : undefined;
  return [next, readMasterKey(source)].some((key) => key !== undefined && opensKeys(key, wrapped));
}

/** A rotation that died half-way left two key files: the one that opens the database is the key, and the other goes. */
function settleRotation(dataDir: string, opens: (key: Uint8Array) => boolean): void {
  const next = readKeyFile(nextMasterKeyPath(dataDir));
  if (next === undefined) return;
  if (opens(next)) adoptNextKeyFile(dataDir);
  else dropNextKeyFile(dataDir);
}
