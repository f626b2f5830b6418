import type { Store } from '../../store/store.ts';
import { areSameKeys, type WrappedKeys } from '../../vault/keys.ts';
import type { MasterKeySource } from '../../vault/master-key.ts';
import { wouldUnlock } from './unlock-vault.ts';

/**
 * Notices that the master key was rotated, here or on another node. A server that runs has its keys and goes on; what it would start with
 * next may be a key that opens nothing any more, and that is better known now than then.
 */
export class MasterKeyWatch {
  readonly #store: Store;
  readonly #source: MasterKeySource;
  #known: WrappedKeys | undefined;

  constructor(store: Store, source: MasterKeySource) {
    this.#store = store;
    this.#source = source;
  }

  /** Whether this node's key opens the database, where the keys have changed since the last look; undefined where they have not, and at the first. */
  async look(): Promise<'opens' | 'does not open' | undefined> {
    const known = this.#known;
    const current = await this.#store.findKeys();
    this.#known = current;
    if (known === undefined || current === undefined || areSameKeys(known, current)) return undefined;
    return wouldUnlock(this.#source, current) ? 'opens' : 'does not open';
  }
}
