import type { Tenant } from '../../domain/caller.ts';
import { entryOfTenant, entryOfTenantChange, entryOfToken, entryOfTokenRevocation } from '../../domain/journal.ts';
import type { TokenId } from '../../domain/ids.ts';
import { readTenant, readToken, readTokenSummary, readTenantSummary, type Row } from '../rows.ts';
import type { NewTenant, NewToken, TenantChange, TenantSummary, TokenRecord, TokenRevocation, TokenSummary, TokenUse } from '../store.ts';
import type { Database, Query } from './database.ts';
import { appendJournal } from './journal.ts';

const TENANT = 'tenants.tenant_id, tenants.name as tenant_name, on_difference, password_disclosure, is_sandbox';
const TOKEN = 'token_id, scopes, expires_at, revoked_at';
const WRITE_MS = 4_000;

/** Tenants and tokens. Seldom written: each write is a transaction of its own. */
export class Access {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async createTenant(tenant: NewTenant): Promise<Tenant | undefined> {
    return this.#write(async (query) => {
      const [row] = await query(
        `insert into tenants (name, on_difference, password_disclosure, is_sandbox, created_at) values ($1, $2, $3, $4, $5)
         on conflict (name) do nothing returning ${TENANT}`,
        [tenant.name, tenant.onDifference, tenant.passwordDisclosure, Number(tenant.isSandbox), tenant.at],
      );
      if (row === undefined) return undefined;
      const made = readTenant(row);
      await appendJournal(query, { ...tenant, tenantId: made.tenantId }, [entryOfTenant(tenant)]);
      return made;
    });
  }

  async updateTenant(change: TenantChange): Promise<Tenant | undefined> {
    return this.#write(async (query) => {
      const [row] = await query(`select ${TENANT} from tenants where name = $1 for update`, [change.name]);
      if (row === undefined) return undefined;
      const before = readTenant(row);
      const [changed] = await query(
        `update tenants set on_difference = coalesce($1, on_difference), password_disclosure = coalesce($2, password_disclosure)
         where name = $3 returning ${TENANT}`,
        [change.onDifference ?? null, change.passwordDisclosure ?? null, change.name],
      );
      const after = readTenant(changed);
      await appendJournal(query, { ...change, tenantId: before.tenantId }, entryOfTenantChange(before, after));
      return after;
    });
  }

  async listTenants(): Promise<TenantSummary[]> {
    const rows = await this.#database.query<Row>(
      `select ${TENANT}, created_at,
        (select count(*) from clients where clients.tenant_id = tenants.tenant_id) as clients,
        (select count(*) from tokens where tokens.tenant_id = tenants.tenant_id and revoked_at is null) as live_tokens
       from tenants order by tenant_id`,
    );
    return rows.map(readTenantSummary);
  }

  async createToken(token: NewToken): Promise<TokenId> {
    const { tenantId, name, hash, hint, scopes, at, expiresAt } = token;
    return this.#write(async (query) => {
      const [row] = await query(
        `insert into tokens (tenant_id, name, token_hash, hint, scopes, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7) returning token_id`,
        [tenantId, name, hash, hint, scopes.join(' '), at, expiresAt ?? null],
      );
      await appendJournal(query, token, [entryOfToken(token, row.token_id)]);
      return row.token_id;
    });
  }

  async revokeToken(revocation: TokenRevocation): Promise<boolean> {
    const { tokenId, at } = revocation;
    return this.#write(async (query) => {
      const [token] = await query('select tenant_id, name, revoked_at from tokens where token_id = $1 for update', [tokenId]);
      if (token === undefined) return false;
      if (token.revoked_at !== null) return true;
      await query('update tokens set revoked_at = $1 where token_id = $2', [at, tokenId]);
      await appendJournal(query, { ...revocation, tenantId: token.tenant_id }, [entryOfTokenRevocation(tokenId, token.name)]);
      return true;
    });
  }

  async listTokens(): Promise<TokenSummary[]> {
    const rows = await this.#database.query<Row>(
      `select ${TOKEN}, tokens.name, hint, tokens.created_at, last_used_at, tenants.name as tenant_name
       from tokens join tenants using (tenant_id) order by token_id`,
    );
    return rows.map(readTokenSummary);
  }

  async findToken(hash: Uint8Array): Promise<TokenRecord | undefined> {
    const [row] = await this.#database.query<Row>(
      `select ${TOKEN}, token_hash, ${TENANT} from tokens join tenants using (tenant_id) where token_hash = $1`,
      [hash],
    );
    return row && { ...readToken(row), hash: row.token_hash as Uint8Array, tenant: readTenant(row) };
  }

  /** Every node does this every few seconds for the same tokens: the rows are locked in one order. */
  async recordTokenUses(uses: readonly TokenUse[]): Promise<void> {
    await this.#database.query(
      `with used as (select * from unnest($1::integer[], $2::bigint[]) as used (token_id, at)),
         locked as (select token_id from tokens where token_id = any($1) order by token_id for no key update)
       update tokens set last_used_at = greatest(last_used_at, used.at) from used join locked using (token_id)
       where tokens.token_id = used.token_id`,
      [uses.map(({ tokenId }) => tokenId), uses.map(({ at }) => at)],
    );
  }

  async revision(): Promise<number> {
    const [row] = await this.#database.query<{ revision: number }>(`select revision from revisions where name = 'access'`);
    return (row as { revision: number }).revision;
  }

  /** Every change of access moves its revision in the same transaction, and a trigger tells the other nodes. */
  async #write<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.#database.transaction(WRITE_MS, async (query) => {
      await query(`update revisions set revision = revision + 1 where name = 'access'`);
      return work(query);
    });
  }
}
