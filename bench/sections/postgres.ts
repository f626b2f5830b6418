import type { Cluster } from '../../test/support/cluster.ts';
import { queryPostgres } from '../../test/support/database.ts';
import type { Lab } from '../lab.ts';
import { countConnections } from '../raw-pool.ts';
import { compareGetOnPostgres } from './postgres-get.ts';
import { compareNodes } from './postgres-nodes.ts';
import { compareProvisionOnPostgres } from './postgres-provision.ts';
import { measureSizes } from './postgres-size.ts';

const SETTINGS = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers'];
const DURABLE = ['fsync', 'synchronous_commit', 'full_page_writes'];

/** Parley on a PostgreSQL of its own: against what plain `pg` gets out of the same statements, and two nodes against one. */
export async function comparePostgres(lab: Lab): Promise<void> {
  const cluster = await lab.startPostgres();
  console.log(`\n${await describePostgres(cluster)}`);
  for (const compare of [compareProvisionOnPostgres, compareGetOnPostgres, compareNodes, measureSizes]) {
    await compare(lab, cluster);
    await lab.stopProcesses();
  }
}

async function describePostgres({ url }: Cluster): Promise<string> {
  const [row] = await queryPostgres(url, `select ${SETTINGS.map((name) => `current_setting('${name}') as ${name}`).join(', ')}`);
  const { server_version: version, ...settings } = row as Record<string, string>;
  const lax = DURABLE.filter((name) => settings[name] !== 'on');
  if (lax.length > 0) throw new Error(`not on in this PostgreSQL: ${lax.join(', ')}`);
  const listed = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return [
    `PostgreSQL ${version}, on this machine too, with the settings that it comes with: ${listed.join(', ')}.`,
    `Its files are where the fsync above was measured. A node has ${countConnections(url)} connections to it, and so has raw pg.`,
  ].join('\n');
}
