import type { DatabaseSync } from 'node:sqlite';
import type { ClientChangeCommand, ClientChangeResult } from '../client-change.ts';
import type { Dialect, Script, ScriptStep } from '../scripts/script.ts';
import type { Append } from './journal.ts';
import { rememberStatements } from './statements.ts';

/** One process has the file: its own clock is the database's. */
export const SQLITE: Dialect = { name: 'sqlite', clock: (place) => place, clockValue: (at) => at };

type ChangeClient = (command: ClientChangeCommand) => ClientChangeResult;

/** Runs scripts within the transaction that is open. For reading alone neither `append` nor `change` is needed. */
export function prepareScripts(db: DatabaseSync, append?: Append, changeClient?: ChangeClient): <T>(script: Script<T>) => T {
  const prepare = rememberStatements(db, (sql) => sql.replaceAll('{for update}', '').replace(/\$(\d)/g, '?$1'));

  function carryOut(step: ScriptStep): unknown {
    switch (step.do) {
      case 'query':
        return prepare(step.sql).all(...step.values);
      case 'lock':
        return undefined;
      case 'append':
        return (append as Append)(step.subject, step.entries);
      case 'change':
        return (changeClient as ChangeClient)(step.command);
    }
  }

  return function run(script) {
    for (let turn = script.next(); ; turn = script.next(carryOut(turn.value) as never)) if (turn.done === true) return turn.value;
  };
}
