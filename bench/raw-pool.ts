import { Pool } from 'pg';
import { readConfig } from '../src/config.ts';
import type { TenantId } from '../src/domain/ids.ts';

export interface RawPool {
  pool: Pool;
  tenantId: TenantId;
}

/** What the yardsticks on PostgreSQL send by: `pg` as it comes, with as many connections as a node holds in all. */
export async function openRawPool(databaseUrl: string): Promise<RawPool> {
  const pool = new Pool({ connectionString: databaseUrl, max: countConnections(databaseUrl) });
  const { rows } = await pool.query<{ tenant_id: TenantId }>('select tenant_id from tenants');
  if (rows[0] === undefined) throw new Error('the database has no tenant');
  return { pool, tenantId: rows[0].tenant_id };
}

export function countConnections(databaseUrl: string): number {
  const { database } = readConfig({ PARLEY_DATABASE_URL: databaseUrl });
  if (database.engine !== 'postgres') throw new Error('not the address of a PostgreSQL');
  return database.connections;
}
