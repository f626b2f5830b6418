import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TenantId } from '../../domain/ids.ts';
import { afterPrefix } from '../../domain/search.ts';
import { type CompanyRow, type RecordRow, readClientRecord, readCompanyRecord } from '../rows.ts';
import type { ClientKey, ClientQuery, ClientRecord, CompanyKey, CompanyQuery, CompanyRecord, Statistics } from '../records.ts';
import { columnOf } from '../records.ts';
import { CLIENT_RECORD, COMPANY_RECORD } from './queries.ts';
import { rememberStatements } from './statements.ts';

type Values = Record<string, string | number>;

/** Clients and companies, as the resources show them: nothing that is sealed. */
export class Records {
  readonly #prepare: (sql: string) => StatementSync;

  constructor(db: DatabaseSync) {
    this.#prepare = rememberStatements(db);
  }

  findClient(tenantId: TenantId, key: ClientKey): ClientRecord | undefined {
    const [column, value] = 'clientId' in key ? ['client_id', key.clientId] : ['external_id', key.externalId];
    const row = this.#prepare(`${CLIENT_RECORD} where c.tenant_id = ? and c.${column} = ?`).get(tenantId, value);
    return row && readClientRecord(row as unknown as RecordRow);
  }

  listClients({ tenantId, clientIds, after, limit, status, companyId, email, name, changedSince }: ClientQuery): ClientRecord[] {
    const where = ['c.tenant_id = :tenantId', 'c.client_id > :after'];
    const values: Values = { tenantId, after: after ?? 0, limit };
    const filter = (condition: string, more: Values): void => {
      where.push(condition);
      Object.assign(values, more);
    };
    if (clientIds !== undefined)
      filter('c.client_id in (select value from json_each(:clientIds))', { clientIds: JSON.stringify(clientIds) });
    if (status !== undefined)
      filter(status === 'active' ? 'c.status = :status' : "c.status = :status and c.status <> 'active'", { status });
    if (companyId !== undefined) filter('c.company_id = :companyId', { companyId });
    if (email !== undefined) filter('c.email_key = :email', { email });
    if (name !== undefined) filter('c.name_key >= :name and c.name_key < :nameEnd', { name, nameEnd: afterPrefix(name) });
    if (changedSince !== undefined) filter('c.updated_at >= :changedSince', { changedSince });
    const rows = this.#prepare(`${CLIENT_RECORD} where ${where.join(' and ')} order by c.client_id limit :limit`).all(values);
    return (rows as unknown as RecordRow[]).map(readClientRecord);
  }

  findCompany(tenantId: TenantId, key: CompanyKey): CompanyRecord | undefined {
    const [column, value] = columnOf(key);
    const row = this.#prepare(`${COMPANY_RECORD} where o.tenant_id = ? and ${column} = ?`).get(tenantId, value);
    return row && readCompanyRecord(row as unknown as CompanyRow);
  }

  listCompanies({ tenantId, after, limit, name }: CompanyQuery): CompanyRecord[] {
    const byName = name === undefined ? '' : 'and o.name_key >= :name and o.name_key < :nameEnd';
    const rows = this.#prepare(
      `${COMPANY_RECORD} where o.tenant_id = :tenantId and o.company_id > :after ${byName} order by o.company_id limit :limit`,
    ).all({ tenantId, after: after ?? 0, limit, ...(name !== undefined && { name, nameEnd: afterPrefix(name) }) });
    return (rows as unknown as CompanyRow[]).map(readCompanyRecord);
  }

  countForTenant(tenantId: TenantId): Statistics {
    const one = (sql: string): number => Number(Object.values(this.#prepare(sql).get(tenantId) ?? {})[0]);
    const rows = this.#prepare("select status, count(*) as n from clients where tenant_id = ? and status <> 'active' group by status").all(
      tenantId,
    ) as { status: string; n: number }[];
    const others = Object.fromEntries(rows.map(({ status, n }) => [status, n]));
    const all = one('select count(*) from clients where tenant_id = ?');
    const { inactive = 0, terminated = 0, erased = 0 } = others;
    return {
      companies: one('select count(*) from companies where tenant_id = ?'),
      clients: { active: all - inactive - terminated - erased, inactive, terminated, erased },
    };
  }
}
