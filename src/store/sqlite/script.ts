import type { DatabaseSync } from 'node:sqlite';
import { type Dialect, ROW_LOCK, type Script, type ScriptStep } from '../scripts/script.ts';
import type { Append } from './journal.ts';
import { rememberStatements } from './statements.ts';

/** One process has the file: its own clock is the database's. */
export const SQLITE: Dialect = { name: 'sqlite', clock: (place) => place, clockValue: (at) => at };

/** Runs scripts within the transaction that is open. For reading alone `append` is not needed. */
export function prepareScripts(db: DatabaseSync, append?: Append): <T>(script: Script<T>) => T {
  const prepare = rememberStatements(db, (sql) => sql.replace(ROW_LOCK, '').replace(/\$(\d)/g, '?$1'));

  function carryOut(step: ScriptStep): unknown {
    switch (step.do) {
      case 'query':
        return prepare(step.sql).all(...step.values);
      case 'lock':
        return undefined;
      case 'append':
        return (append as Append)(step.subject, step.entries);
    }
  }

  return function run(script) {
    for (let turn = script.next(); ; turn = script.next(carryOut(turn.value) as never)) if (turn.done === true) return turn.value;
  };
}
