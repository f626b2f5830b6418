import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Far more than there are texts, however filters are combined. */
const MOST_REMEMBERED = 1_000;

/**
 * Prepares each text once for this connection. What SQLite holds for a statement is not known to the garbage collector: prepared for each use, they pile up.
 */
export function rememberStatements(db: DatabaseSync, translate = (sql: string): string => sql): (sql: string) => StatementSync {
  const known = new Map<string, StatementSync>();
  return (sql) => {
    const remembered = known.get(sql);
    if (remembered !== undefined) return remembered;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const statement = db.prepare(translate(sql));
    known.set(sql, statement);
    return statement;
  };
}
