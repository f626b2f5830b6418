import { createSecretKey, randomBytes } from 'node:crypto';
import { OperatorError } from '../domain/errors.ts';
import { KEY_BYTES, openBytes, type Sealed, sealBytes, Vault } from './vault.ts';

/** The keys that do the daily work, wrapped by the master key: all that the database ever holds of them. */
export interface WrappedKeys {
  data: Sealed;
  index: Sealed;
}

const PLACE = { data: 'key|data', index: 'key|index' };

export function makeKeys(masterKey: Uint8Array): WrappedKeys {
  return wrap(masterKey, randomBytes(KEY_BYTES), randomBytes(KEY_BYTES));
}

export function openVault(masterKey: Uint8Array, wrapped: WrappedKeys): Vault {
  const { data, index } = unwrap(masterKey, wrapped);
  return new Vault(data, index);
}

/** The same keys under a new master key: nothing that they sealed has to be touched. */
export function rewrapKeys(masterKey: Uint8Array, newMasterKey: Uint8Array, wrapped: WrappedKeys): WrappedKeys {
  const { data, index } = unwrap(masterKey, wrapped);
  return wrap(newMasterKey, data, index);
}

export function areSameKeys(one: WrappedKeys, other: WrappedKeys): boolean {
  return Buffer.from(one.data).equals(other.data) && Buffer.from(one.index).equals(other.index);
}

export function opensKeys(masterKey: Uint8Array, wrapped: WrappedKeys): boolean {
  try {
    unwrap(masterKey, wrapped);
    return true;
  } catch {
    return false;
  }
}

function wrap(masterKey: Uint8Array, data: Uint8Array, index: Uint8Array): WrappedKeys {
  const key = createSecretKey(masterKey);
  return { data: sealBytes(key, data, PLACE.data), index: sealBytes(key, index, PLACE.index) };
}

function unwrap(masterKey: Uint8Array, wrapped: WrappedKeys): { data: Uint8Array; index: Uint8Array } {
  try {
    const key = createSecretKey(masterKey);
    return { data: openBytes(key, wrapped.data, PLACE.data), index: openBytes(key, wrapped.index, PLACE.index) };
  } catch (cause) {
    throw new OperatorError(
      'The master key is not the one that this database was sealed with. Restore the right key (PARLEY_MASTER_KEY, or master.key in the data directory); nothing was changed.',
      { cause },
    );
  }
}
