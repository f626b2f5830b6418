import type { TenantId } from '../../domain/ids.ts';
import { afterPrefix } from '../../domain/search.ts';
import { type CompanyRow, type RecordRow, readClientRecord, readCompanyRecord } from '../rows.ts';
import type { ClientKey, ClientQuery, ClientRecord, CompanyKey, CompanyQuery, CompanyRecord, Statistics } from '../records.ts';
import { columnOf } from '../records.ts';
import type { Database } from './database.ts';

const CLIENT = `
  select c.client_id, c.external_id, c.status, c.first, c.last, c.email, c.address, c.city, c.state, c.country, c.postal_code, c.source_version,
    c.terminate_at, c.created_at, c.updated_at, o.company_id, o.external_id as company_external_id, o.enterprise_id, o.name as company_name, h.hub_id, h.hub_url
  from clients c
  join companies o on o.tenant_id = c.tenant_id and o.company_id = c.company_id
  join hubs h on h.tenant_id = c.tenant_id and h.company_id = c.company_id`;

const COMPANY = `
  select o.company_id, o.external_id, o.enterprise_id, o.name, o.is_global_meet_enabled, o.is_web_conf_enabled, o.created_at, o.updated_at,
    h.hub_id, h.hub_url
  from companies o join hubs h on h.tenant_id = o.tenant_id and h.company_id = o.company_id`;

/** Clients and companies, as the resources show them: nothing that is sealed. */
export class Records {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async findClient(tenantId: TenantId, key: ClientKey): Promise<ClientRecord | undefined> {
    const [column, value] = 'clientId' in key ? ['client_id', key.clientId] : ['external_id', key.externalId];
    // A number that no client can have is nobody's, and no error.
    const [row] = await this.#database.query<RecordRow>(`${CLIENT} where c.tenant_id = $1 and c.${column} = $2::bigint`, [tenantId, value]);
    return row && readClientRecord(row);
  }

  async listClients({
    tenantId,
    clientIds,
    after,
    limit,
    status,
    companyId,
    email,
    name,
    changedSince,
  }: ClientQuery): Promise<ClientRecord[]> {
    const values: (string | number | readonly number[])[] = [tenantId, after ?? 0, limit];
    const put = (value: string | number | readonly number[]): string => `$${values.push(value)}`;
    const where = ['c.tenant_id = $1', 'c.client_id > $2::bigint'];
    if (clientIds !== undefined) where.push(`c.client_id = any(${put(clientIds)}::integer[])`);
    if (status !== undefined) where.push(`c.status = ${put(status)}${status === 'active' ? '' : " and c.status <> 'active'"}`);
    if (companyId !== undefined) where.push(`c.company_id = ${put(companyId)}::bigint`);
    if (email !== undefined) where.push(`c.email_key = ${put(email)}`);
    if (name !== undefined) where.push(`c.name_key >= ${put(name)} and c.name_key < ${put(afterPrefix(name))}`);
    if (changedSince !== undefined) where.push(`c.updated_at >= ${put(changedSince)}`);
    const rows = await this.#database.query<RecordRow>(`${CLIENT} where ${where.join(' and ')} order by c.client_id limit $3`, values);
    return rows.map(readClientRecord);
  }

  async findCompany(tenantId: TenantId, key: CompanyKey): Promise<CompanyRecord | undefined> {
    const [column, value] = columnOf(key);
    const type = typeof value === 'number' ? 'bigint' : 'text';
    const [row] = await this.#database.query<CompanyRow>(`${COMPANY} where o.tenant_id = $1 and ${column} = $2::${type}`, [
      tenantId,
      value,
    ]);
    return row && readCompanyRecord(row);
  }

  async listCompanies({ tenantId, after, limit, name }: CompanyQuery): Promise<CompanyRecord[]> {
    const byName = name === undefined ? '' : 'and o.name_key >= $4 and o.name_key < $5';
    const rows = await this.#database.query<CompanyRow>(
      `${COMPANY} where o.tenant_id = $1 and o.company_id > $2::bigint ${byName} order by o.company_id limit $3`,
      [tenantId, after ?? 0, limit, ...(name === undefined ? [] : [name, afterPrefix(name)])],
    );
    return rows.map(readCompanyRecord);
  }

  async countForTenant(tenantId: TenantId): Promise<Statistics> {
    const [row] = await this.#database.query<{ all: number; companies: number } & Record<string, number>>(
      `select (select count(*) from companies where tenant_id = $1) as companies, (select count(*) from clients where tenant_id = $1) as "all",
         count(*) filter (where status = 'inactive') as inactive, count(*) filter (where status = 'terminated') as terminated,
         count(*) filter (where status = 'erased') as erased
       from clients where tenant_id = $1 and status <> 'active'`,
      [tenantId],
    );
    const { companies, all, inactive, terminated, erased } = row as Record<
      'companies' | 'all' | 'inactive' | 'terminated' | 'erased',
      number
    >;
    return { companies, clients: { active: all - inactive - terminated - erased, inactive, terminated, erased } };
  }
}
