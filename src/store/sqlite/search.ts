import type { DatabaseSync } from 'node:sqlite';
import type { LookUp, SearchStore } from '../search.ts';
import * as search from '../scripts/search.ts';
import type { Append } from './journal.ts';
import { prepareScripts, SQLITE } from './script.ts';

/** On the writer's side. */
export function prepareSearchWrites(db: DatabaseSync, append: Append) {
  const run = prepareScripts(db, append);
  return {
    followSearch: (query: Parameters<SearchStore['follow']>[0]) => run(search.follow(SQLITE, query)),
    recordLookUp: (lookUp: LookUp) => run(search.recordLookUp(lookUp)),
  };
}

type Writes = ReturnType<typeof prepareSearchWrites>;
type SearchWrites = { [Name in keyof Writes]: (...input: Parameters<Writes[Name]>) => Promise<ReturnType<Writes[Name]>> };

export function makeSearchStore(db: DatabaseSync, write: SearchWrites, read: <T>(query: () => T) => T): SearchStore {
  const run = prepareScripts(db);
  return {
    follow: write.followSearch,
    recordLookUp: write.recordLookUp,
    findBehind: async (tenantId) => read(() => run(search.findBehind(tenantId))),
    findTexts: async (query) => read(() => run(search.findTexts(SQLITE, query))),
    findByPassCode: async (query) => read(() => run(search.findByPassCode(SQLITE, query))),
    findByCaller: async (query) => read(() => run(search.findByCaller(query))),
  };
}
