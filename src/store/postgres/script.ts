import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../rows.ts';
import { type Dialect, ROW_LOCK, type Script, type ScriptStep } from '../scripts/script.ts';
import { type Database, PostgresError, type Query } from './database.ts';
import { appendJournal } from './journal.ts';

/** Nodes' clocks differ; the server's does not. */
export const POSTGRES: Dialect = {
  name: 'postgres',
  clock: (place) => `coalesce(${place}::bigint, (extract(epoch from clock_timestamp()) * 1000)::bigint)`,
  clockValue: () => null,
};

const SCRIPT_MS = 4_000;
const MAX_TRIES = 6;
const RETRY_STEP_MS = 20;

/** Runs a script as one transaction; one that lost against another is begun anew. */
export async function runScript<T>(database: Database, makeScript: () => Script<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await database.transaction(SCRIPT_MS, (query) => follow(query, makeScript()));
    } catch (error) {
      if (!(error instanceof PostgresError && error.isRetriable) || tries === MAX_TRIES) throw error;
      await delay(tries * RETRY_STEP_MS * (0.5 + Math.random()));
    }
  }
}

async function follow<T>(query: Query, script: Script<T>): Promise<T> {
  let turn = script.next();
  while (turn.done !== true) turn = script.next((await carryOut(query, turn.value)) as never);
  return turn.value;
}

async function carryOut(query: Query, step: ScriptStep): Promise<unknown> {
  switch (step.do) {
    case 'query':
      return (await query(step.sql.replace(ROW_LOCK, '$1'), [...step.values])) as Row[];
    case 'lock':
      return query(
        'select pg_advisory_xact_lock(key) from (select distinct hashtextextended(name, 0) as key from unnest($1::text[]) as name order by key) keys',
        [step.names],
      );
    case 'append':
      return appendJournal(query, step.subject, step.entries);
  }
}
