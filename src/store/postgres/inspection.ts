import type { Database } from './database.ts';

/** Reading everything, for an operator who asked for it. */
export const INSPECTION_MS = 600_000;

export interface ServerDescription {
  version: string;
  clockMs: number;
  /** What would break a promise although all seems well. */
  unsafe: string | undefined;
}

/** What constraints cannot say, and whether the indexes that enforce them are in force. The server checks its pages itself (data_checksums). */
export async function findDamage(database: Database): Promise<string | undefined> {
  const findings = await database.transaction(INSPECTION_MS, async (query) => {
    const [row] = await query(`
        select (select count(*) from companies left join hubs using (tenant_id, company_id) where hub_id is null) as companies_without_hub,
          (select count(*) from clients left join reservations using (tenant_id, client_id) where reservation_id is null) as clients_without_reservation,
          (select 2 * count(*) from reservations) - (select count(*) from pass_codes where valid_until is null) as pass_codes_missing,
          (select count(*) from pg_index where not indisvalid and indrelid in
            ('tenants'::regclass, 'tokens'::regclass, 'companies'::regclass, 'hubs'::regclass, 'clients'::regclass,
             'reservations'::regclass, 'pass_codes'::regclass)) as invalid_indexes`);
    return Object.entries(row as Record<string, number>).filter(([, n]) => n !== 0);
  });
  return findings.length === 0 ? undefined : findings.map(([finding, n]) => `${finding.replaceAll('_', ' ')}: ${n}`).join('; ');
}

export async function describeServer(database: Database): Promise<ServerDescription> {
  const [row] = await database.query<{ version: string; clock: number; safe: boolean }>(`
      select current_setting('server_version') as version, (extract(epoch from clock_timestamp()) * 1000)::bigint as clock,
        current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on' and current_setting('synchronous_commit') <> 'off' as safe`);
  const { version, clock, safe } = row as { version: string; clock: number; safe: boolean };
  const unsafe =
    'It runs with fsync, full_page_writes or synchronous_commit off: a crash of its machine loses acknowledged changes. Turn all of them on.';
  return { version, clockMs: clock, unsafe: safe ? undefined : unsafe };
}
