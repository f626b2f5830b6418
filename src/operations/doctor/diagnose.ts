import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../../config.ts';
import { openExistingPostgres, PostgresStore } from '../../store/postgres/postgres-store.ts';
import { openSqliteReader, type SqliteStore } from '../../store/sqlite/sqlite-store.ts';
import { checkTokens } from './access.ts';
import { checkGuessing, checkPool, checkToldCodes } from './admission.ts';
import { checkDatabase, checkPostgres } from './database.ts';
import { openEngine } from '../../engine/open-engine.ts';
import { checkEngines, checkRooms } from './engines.ts';
import { type Finding, problem } from './finding.ts';
import { checkKeyFile, checkMasterKey, openExistingVault } from './keys.ts';
import { checkDisk, checkFiles, checkRuntime, checkServer } from './machine.ts';
import { checkPlatform } from './platform.ts';
import { checkWebhooks } from './webhooks.ts';

/** Looks at everything that an operator would, changes nothing, and may run beside a server. */
export async function diagnose(config: Config, now: number): Promise<Finding[]> {
  const findings: Finding[] = [checkRuntime()];
  const { database } = config;
  if (database.engine === 'sqlite') {
    if (!existsSync(database.path)) {
      findings.push(problem('database', `There is none at ${database.path}. Start the server once, or set PARLEY_DATA_DIR.`));
      return findings;
    }
    // Before anything opens the database: it looks into files, and who closes one drops this process's locks on it.
    findings.push(await checkDisk(dirname(database.path)), checkFiles(database.path, config.dataDir));
  }
  findings.push(...(await checkServer(config)));
  let store: SqliteStore | PostgresStore;
  try {
    store = database.engine === 'sqlite' ? openSqliteReader(database.path) : await openExistingPostgres(database);
  } catch (error) {
    findings.push(problem('database', (error as Error).message));
    return findings;
  }
  try {
    if (store instanceof PostgresStore) findings.push(...(await checkPostgres(store, now)));
    findings.push(await checkDatabase(store), await checkMasterKey(store, config), checkKeyFile(config));
    findings.push(await checkPool(store), await checkGuessing(store, config), ...(await checkToldCodes(store)));
    findings.push(...(await checkPlatform(store, config)), ...(await checkTokens(store, now)), ...(await checkWebhooks(store, now)));
    const vault = await openExistingVault(store, config);
    if (vault !== undefined) findings.push(...(await checkEngines(store, vault, now)));
    findings.push(...(await checkRooms(openEngine(config))));
  } finally {
    await store.close();
  }
  return findings;
}
