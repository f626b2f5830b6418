import assert from 'node:assert/strict';
import { readConfig } from '../../src/config.ts';
import { queryDatabase } from './database.ts';
import { askDoctor } from './doctor.ts';

/** Nothing half made and nothing twice, in the tables themselves and in the doctor's eyes; returns how many clients there are. */
export async function assertWholeRecords(settings: Record<string, string>): Promise<number> {
  const findings = await askDoctor(settings);
  assert.deepEqual(
    findings.filter(({ result }) => result === 'problem'),
    [],
  );
  const count = (table: string): string => `(select count(*) from ${table}) as ${table}`;
  const [rows] = (await queryDatabase(
    readConfig(settings).database,
    `select ${['clients', 'reservations', 'pass_codes', 'companies', 'hubs'].map(count).join(', ')},
       (select count(*) from (select distinct tenant_id, external_id from clients) as c) as distinct_clients,
       (select count(*) from (select distinct tenant_id, external_id from companies) as c) as distinct_companies`,
  )) as [Record<string, number>];
  const { clients, companies } = rows as { clients: number; companies: number };
  assert.deepEqual(rows, {
    clients,
    reservations: clients,
    pass_codes: 2 * clients,
    companies,
    hubs: companies,
    distinct_clients: clients,
    distinct_companies: companies,
  });
  return clients;
}
