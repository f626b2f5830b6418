import { existsSync, statSync } from 'node:fs';
import type { Config } from '../../config.ts';
import type { Store } from '../../store/store.ts';
import { openVault, opensKeys } from '../../vault/keys.ts';
import { masterKeyPath, readMasterKey } from '../../vault/master-key.ts';
import type { Vault } from '../../vault/vault.ts';
import { type Finding, ok, problem } from './finding.ts';

export async function checkMasterKey(store: Store, { masterKey, dataDir }: Config): Promise<Finding> {
  const wrapped = await store.findKeys();
  if (wrapped === undefined) return problem('master key', 'The database has no keys yet. Start the server once.');
  try {
    const key = readMasterKey({ given: masterKey, dataDir });
    if (key === undefined) return problem('master key', `${masterKeyPath(dataDir)} is missing. Restore it, or set PARLEY_MASTER_KEY.`);
    return opensKeys(key, wrapped)
      ? ok('master key', 'opens this database')
      : problem('master key', 'It is not the one that this database was sealed with.');
  } catch (error) {
    return problem('master key', (error as Error).message);
  }
}

export function checkKeyFile({ dataDir, masterKey }: Config): Finding {
  const path = masterKeyPath(dataDir);
  if (masterKey !== undefined) return ok('key file', 'not used: PARLEY_MASTER_KEY is set');
  if (!existsSync(path)) return problem('key file', `${path} is missing.`);
  const others = statSync(path).mode & 0o077;
  return others === 0
    ? ok('key file', 'readable by its owner only')
    : problem('key file', `Others may read ${path}. Run: chmod 600 ${path}`);
}

/** As it is found, and nothing is made. Undefined where it cannot be opened, which checkMasterKey tells. */
export async function openExistingVault(store: Store, { masterKey, dataDir }: Config): Promise<Vault | undefined> {
  try {
    const [wrapped, key] = [await store.findKeys(), readMasterKey({ given: masterKey, dataDir })];
    return wrapped === undefined || key === undefined ? undefined : openVault(key, wrapped);
  } catch {
    return undefined;
  }
}
