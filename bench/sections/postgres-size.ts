import type { Cluster } from '../../test/support/cluster.ts';
import { queryPostgres } from '../../test/support/database.ts';
import type { Lab } from '../lab.ts';
import { printFact, printHeading } from '../report.ts';

/** Twenty clients to a company, as in every load here. */
const SHARE_OF_MANY = 20;

/** What a client takes up: the figure behind the arithmetic of ADR 8. */
export async function measureSizes(lab: Lab, cluster: Cluster): Promise<void> {
  const clients = lab.profile.manyClients / SHARE_OF_MANY;
  const { databaseUrl } = await lab.makePostgresDatabase(cluster, clients);
  await queryPostgres(databaseUrl, 'vacuum analyze');
  const sizes = (await queryPostgres(
    databaseUrl,
    `select c.relname as name, c.relkind as kind, t.relname as "of", pg_relation_size(c.oid) as bytes
     from pg_class c left join pg_index i on i.indexrelid = c.oid left join pg_class t on t.oid = i.indrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'i') and pg_relation_size(c.oid) > 8192 * 4
     order by coalesce(t.relname, c.relname), c.relkind desc, c.relname`,
  )) as { name: string; kind: 'r' | 'i'; of: string | null; bytes: number }[];

  printHeading(`size on PostgreSQL: bytes for each of ${clients.toLocaleString('en')} clients, twenty to a company`);
  const sum = (kind: 'r' | 'i'): number => sizes.filter((size) => size.kind === kind).reduce((total, { bytes }) => total + bytes, 0);
  for (const { name, kind, of, bytes } of sizes) printFact(kind === 'r' ? name : `  ${of}: index ${name}`, bytes / clients, 'bytes');
  printFact('tables in all', sum('r') / clients, 'bytes');
  printFact('indexes in all', sum('i') / clients, 'bytes');
}
