import { type Dialect, query, type Script } from './script.ts';

/** Pages of FTS5's that one step writes: some 25 ms of the writer's time. */
const PAGES_AT_ONCE = 100;

/**
 * Each piece of an index costs each search. https://sqlite.org/fts5.html#the_merge_command: less than zero begins, and what changes fewer than two rows has found
 * nothing to do. https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE: what was inserted lately is in a list of its own.
 */
export function* tidySearch(dialect: Dialect, { isFirst }: { isFirst: boolean }): Script<{ isDone: boolean }> {
  if (dialect.name === 'postgres') {
    yield* query(`select gin_clean_pending_list('search_texts_grams')`);
    return { isDone: true };
  }
  const before = yield* countChanges();
  yield* query(`insert into search_grams (search_grams, rank) values ('merge', $1)`, isFirst ? -PAGES_AT_ONCE : PAGES_AT_ONCE);
  return { isDone: (yield* countChanges()) - before < 2 };
}

function* countChanges(): Script<number> {
  const [row] = yield* query('select total_changes() as n');
  return Number(row?.n);
}
