import { readConfig } from '../../src/config.ts';
import { Secret } from '../../src/domain/secret.ts';
import { bootstrap } from '../../src/operations/bootstrap.ts';
import { unlockVault } from '../../src/operations/unlock-vault.ts';
import { Directory } from '../../src/platform/directory/directory.ts';
import { openStore } from '../../src/store/open-store.ts';
import { makeProvision } from '../load/provision.ts';
import { readOptions, serveParent } from './parent.ts';

export interface DirectoryOptions {
  dataDir: string;
  token: string;
}

export interface ProvisionLoops {
  loops: number;
  firstExternalId: number;
  /** Ends after this many provisions, or after this time. */
  count?: number;
  seconds?: number;
}

export interface Looped {
  count: number;
  perSecond: number;
}

/** The built-in directory and its store without HTTP: the group-commit loop that provision is measured against, and how preloads are made. */
const { dataDir, token } = readOptions<DirectoryOptions>();
const store = await openStore(readConfig({ PARLEY_DATA_DIR: dataDir }).database);
const vault = await unlockVault(store, { given: undefined, dataDir });
await bootstrap(store, new Secret(token), Date.now());
const directory = new Directory({ store, vault, baseDomain: 'parley.localhost', now: Date.now });
const tenant = (await store.listTenants())[0];
if (tenant === undefined) throw new Error('bootstrap made no tenant');

serveParent({}, provisionInLoops, () => store.close());

async function provisionInLoops({ loops, firstExternalId, count = Infinity, seconds = Infinity }: ProvisionLoops): Promise<Looped> {
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  let begun = 0;
  let done = 0;
  const loop = async (): Promise<void> => {
    while (begun < count && performance.now() < endsAt) {
      const { outcome } = await directory.provision(tenant as NonNullable<typeof tenant>, makeProvision(firstExternalId + begun++));
      if (outcome !== 'created') throw new Error(`expected a client to be created, and it was ${outcome}`);
      done++;
    }
  };
  await Promise.all(Array.from({ length: loops }, loop));
  return { count: done, perSecond: (done / (performance.now() - startedAt)) * 1000 };
}
