import { randomBytes } from 'node:crypto';
import { LegBook } from '../../src/admission/leg-book.ts';
import { RefusalClock } from '../../src/admission/refusal-clock.ts';
import { Tarpit } from '../../src/admission/tarpit.ts';
import type { AdmissionDesk } from '../../src/admission/desk.ts';
import { readConfig } from '../../src/config.ts';
import type { Bridge } from '../../src/domain/bridge.ts';
import { generateToken } from '../../src/domain/token.ts';
import { addAccessNumber } from '../../src/operations/bridges/access-numbers.ts';
import { bootstrap } from '../../src/operations/access/bootstrap.ts';
import { findTenant } from '../../src/operations/access/find-tenant.ts';
import { unlockVault } from '../../src/operations/store/unlock-vault.ts';
import { Directory } from '../../src/platform/directory/directory.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readProvision } from '../../src/http/read-provision.ts';
import { provisionBody } from './bodies.ts';
import { databaseSettings } from './database.ts';
import { makeDataDir } from './server.ts';

export interface Battlefield {
  desk: AdmissionDesk;
  bridge: Bridge;
  /** One for each client: the participant's. */
  codes: string[];
  evaluated: () => number;
  withheld: () => number;
  alarms: () => number;
  /** Turns the clock. */
  advance: (ms: number) => void;
  close: () => Promise<void>;
}

/** The operation over a real store, on a clock that can be turned, with waits that are over at once. */
export async function makeBattlefield(
  clients: number,
  numbers: readonly string[],
  environment: Record<string, string> = {},
): Promise<Battlefield> {
  const dataDir = makeDataDir();
  const config = readConfig({
    PARLEY_DATA_DIR: dataDir,
    PARLEY_MASTER_KEY: randomBytes(32).toString('base64'),
    ...(await databaseSettings()),
    ...environment,
  });
  const store = await openStore(config.database);
  const vault = await unlockVault(store, { given: config.masterKey, dataDir });
  await bootstrap(store, generateToken({ isSandbox: false }), Date.now());
  const tenant = await findTenant(store, 'default');
  for (const number of numbers) await addAccessNumber(store, number, undefined, Date.now());
  let at = Date.now();
  const now = (): number => at;
  const directory = new Directory({ store, vault, baseDomain: 'parley.localhost', now });
  const codes: string[] = [];
  for (let i = 0; i < clients; i++) {
    const body = provisionBody({ client: { externalId: i + 1 } });
    const made = await directory.provision(tenant, readProvision(body, {}), { actor: 'system', requestId: 'attack' });
    codes.push(made.participantPassCode.reveal());
  }
  let [evaluated, withheld, alarms] = [0, 0, 0];
  const desk: AdmissionDesk = {
    store,
    vault,
    limits: config.guessing,
    tarpit: new Tarpit(config.guessing.tarpitMax, async () => {}),
    legs: new LegBook(store.admission, (error) => {
      throw error;
    }),
    refusals: new RefusalClock(store, () => {}),
    defaultRegion: undefined,
    counts: {
      answered: () => {},
      missed: () => evaluated++,
      withheld: () => withheld++,
      alarmed: () => alarms++,
    },
    now,
  };
  const bridge: Bridge = {
    bridgeId: undefined,
    tokenId: 1,
    name: 'attacked',
    dialect: 'json',
    tenantId: undefined,
    operatorTenantId: tenant.tenantId,
    settings: {},
    secrets: {},
    reportsJoins: false,
  };
  return {
    desk,
    bridge,
    codes,
    evaluated: () => evaluated,
    withheld: () => withheld,
    alarms: () => alarms,
    advance: (ms) => {
      at += ms;
    },
    async close() {
      await desk.legs.stop();
      await store.close();
    },
  };
}
