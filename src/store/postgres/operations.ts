import type { OperationStore } from '../operations.ts';
import * as reads from '../scripts/operation-reads.ts';
import * as writes from '../scripts/operations.ts';
import type { Script } from '../scripts/script.ts';
import type { Database } from './database.ts';
import { POSTGRES, runScript } from './script.ts';

type Guard = <A extends unknown[], T>(work: (...input: A) => Promise<T>) => (...input: A) => Promise<T>;

/** The database's clock counts; the one that is given is for what is only told. */
export function makeOperationStore(database: Database, guarded: Guard): OperationStore {
  const script = <A extends unknown[], T>(make: (...input: A) => Script<T>) =>
    guarded((...input: A) => runScript(database, () => make(...input)));
  return {
    wish: script((wish) => writes.wish(POSTGRES, wish)),
    claim: script((claim) => writes.claim(POSTGRES, claim)),
    advance: script((advance) => writes.advance(POSTGRES, advance)),
    resolve: script((resolution) => writes.resolve(POSTGRES, resolution)),
    becomeGateway: script(() => writes.becomeGateway(POSTGRES)),
    find: script((key) => reads.find(POSTGRES, key)),
    findDue: script((query) => reads.findDue(POSTGRES, query)),
    list: script((query) => reads.list(POSTGRES, query)),
    count: script(() => reads.count()),
    listOrphans: script((query) => reads.listOrphans(query)),
    isGateway: script(() => reads.isGateway()),
    // Others may be alive: their leases run out by themselves.
    releaseAll: async () => {},
  };
}
