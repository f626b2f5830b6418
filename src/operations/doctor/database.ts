import type { PostgresStore } from '../../store/postgres/postgres-store.ts';
import type { Store } from '../../store/store.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const CLOCK_SKEW_SECONDS = 5;

export async function checkPostgres(store: PostgresStore, now: number): Promise<Finding[]> {
  const { unsafe, version, clockMs } = await store.describeServer();
  const skewSeconds = Math.abs(clockMs - now) / 1000;
  return [
    unsafe === undefined ? ok('postgresql', `version ${version}, every commit on disk`) : problem('postgresql', unsafe),
    skewSeconds < CLOCK_SKEW_SECONDS
      ? ok('clock', "agrees with PostgreSQL's")
      : warning(
          'clock',
          `It is ${Math.round(skewSeconds)} s away from PostgreSQL's: tokens expire, and times are recorded, by this clock. Run NTP.`,
        ),
  ];
}

export async function checkDatabase(store: Store): Promise<Finding> {
  const damage = await store.findDamage();
  if (damage !== undefined)
    return problem('database', `Damaged (${damage}). Stop the server and restore the latest backup: docs/operate.md`);
  const { tenants, companies, clients } = await store.countRecords();
  return ok('database', `sound: ${tenants} tenants, ${companies} companies, ${clients} clients`);
}
