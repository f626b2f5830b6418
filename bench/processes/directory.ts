import { readConfig } from '../../src/config.ts';
import { Secret } from '../../src/domain/secret.ts';
import { bootstrap } from '../../src/operations/access/bootstrap.ts';
import { unlockVault } from '../../src/operations/store/unlock-vault.ts';
import { Directory } from '../../src/platform/directory/directory.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type Looped, type Loops, runLoops } from '../load/loops.ts';
import { makeProvision } from '../load/provision.ts';
import { readOptions, serveParent } from './parent.ts';

export interface DirectoryOptions {
  dataDir: string;
  databaseUrl?: string;
  token: string;
}

export interface ProvisionLoops extends Loops {
  firstExternalId: number;
}

/** The built-in directory and its store without HTTP: the group-commit loop that provision is measured against, and how preloads are made. */
const { dataDir, databaseUrl, token } = readOptions<DirectoryOptions>();
const store = await openStore(readConfig({ PARLEY_DATA_DIR: dataDir, PARLEY_DATABASE_URL: databaseUrl }).database);
const vault = await unlockVault(store, { given: undefined, dataDir });
await bootstrap(store, new Secret(token), Date.now());
const directory = new Directory({ store, vault, baseDomain: 'parley.localhost', now: Date.now });
const tenant = (await store.listTenants())[0];
if (tenant === undefined) throw new Error('bootstrap made no tenant');

const ORIGIN = { actor: 'token:1', requestId: 'bench' };

serveParent({}, provisionInLoops, () => store.close());

function provisionInLoops({ firstExternalId, ...loops }: ProvisionLoops): Promise<Looped> {
  let externalId = firstExternalId;
  return runLoops(loops, async () => {
    const { outcome } = await directory.provision(tenant as NonNullable<typeof tenant>, makeProvision(externalId++), ORIGIN);
    if (outcome !== 'created') throw new Error(`expected a client to be created, and it was ${outcome}`);
  });
}
