import type { SearchStore } from '../search.ts';
import type { Script } from '../scripts/script.ts';
import * as search from '../scripts/search.ts';
import { tidySearch } from '../scripts/tidy-search.ts';
import type { Database } from './database.ts';
import { POSTGRES, runScript } from './script.ts';

type Guard = <A extends unknown[], T>(work: (...input: A) => Promise<T>) => (...input: A) => Promise<T>;

export function makeSearchStore(database: Database, guarded: Guard): SearchStore {
  const script = <A extends unknown[], T>(make: (...input: A) => Script<T>) =>
    guarded((...input: A) => runScript(database, () => make(...input)));
  return {
    follow: script((query) => search.follow(POSTGRES, query)),
    tidy: script((step) => tidySearch(POSTGRES, step)),
    recordLookUp: script((lookUp) => search.recordLookUp(lookUp)),
    findBehind: script((tenantId) => search.findBehind(tenantId)),
    findTexts: script((query) => search.findTexts(POSTGRES, query)),
    findByPassCode: script((query) => search.findByPassCode(POSTGRES, query)),
    findByCaller: script((query) => search.findByCaller(query)),
  };
}
