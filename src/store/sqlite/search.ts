import type { DatabaseSync } from 'node:sqlite';
import { scoreOf, type SearchQuery } from '../../domain/search-words.ts';
import type { LookUp, SearchStore } from '../search.ts';
import * as search from '../scripts/search.ts';
import { tidySearch } from '../scripts/tidy-search.ts';
import type { Append } from './journal.ts';
import { prepareScripts, SQLITE } from './script.ts';

/** On the writer's side. */
export function prepareSearchWrites(db: DatabaseSync, append: Append) {
  const run = prepareScripts(db, append);
  return {
    followSearch: (query: Parameters<SearchStore['follow']>[0]) => run(search.follow(SQLITE, query)),
    tidySearch: (step: Parameters<SearchStore['tidy']>[0]) => run(tidySearch(SQLITE, step)),
    recordLookUp: (lookUp: LookUp) => run(search.recordLookUp(lookUp)),
  };
}

type Writes = ReturnType<typeof prepareSearchWrites>;
type SearchWrites = { [Name in keyof Writes]: (...input: Parameters<Writes[Name]>) => Promise<ReturnType<Writes[Name]>> };

export function makeSearchStore(db: DatabaseSync, write: SearchWrites, read: <T>(query: () => T) => T): SearchStore {
  // One text of the statement, however many words are looked for: each text is prepared once, and remembered for good.
  db.function(
    'search_matches',
    { deterministic: true },
    rememberLast((query) => {
      const words = JSON.parse(query) as SearchQuery;
      return (text) => Number(scoreOf(words, text) !== undefined);
    }),
  );
  const run = prepareScripts(db);
  return {
    follow: write.followSearch,
    tidy: write.tidySearch,
    recordLookUp: write.recordLookUp,
    findBehind: async (tenantId) => read(() => run(search.findBehind(tenantId))),
    findTexts: async (query) => read(() => run(search.findTexts(SQLITE, query))),
    findByPassCode: async (query) => read(() => run(search.findByPassCode(SQLITE, query))),
    findByCaller: async (query) => read(() => run(search.findByCaller(query))),
  };
}

/** Of many rows of one query the query is read once. */
function rememberLast(read: (query: string) => (text: string) => number): (query: unknown, text: unknown) => number {
  let last: { query: string; matches: (text: string) => number } | undefined;
  return (query, text) => {
    const asked = String(query);
    if (last?.query !== asked) last = { query: asked, matches: read(asked) };
    return last.matches(String(text));
  };
}
