import type { TenantId } from '../../domain/ids.ts';
import type { NewTenant, NewToken, TenantChange, TokenRecord, TokenRevocation, TokenUse } from '../access.ts';
import { readTenant, readToken, type Row } from '../rows.ts';
import * as access from '../scripts/access.ts';
import type { Script } from '../scripts/script.ts';
import type { Database } from './database.ts';
import { runScript } from './script.ts';

/** Tenants and tokens. Seldom written: each write is a transaction of its own. */
export class Access {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  readonly createTenant = (tenant: NewTenant) => this.#run(() => access.createTenant(tenant));
  readonly updateTenant = (change: TenantChange) => this.#run(() => access.updateTenant(change));
  readonly createToken = (token: NewToken) => this.#run(() => access.createToken(token));
  readonly revokeToken = (revocation: TokenRevocation) => this.#run(() => access.revokeToken(revocation));
  readonly listTokens = (tenantId?: TenantId) => this.#run(() => access.listTokens(tenantId));
  readonly listTenants = (tenantId?: TenantId) => this.#run(() => access.listTenants(tenantId));
  readonly findOperatorTenantId = () => this.#run(() => access.findOperatorTenantId());

  async findToken(hash: Uint8Array): Promise<TokenRecord | undefined> {
    const [row] = await this.#database.query<Row>(
      `select ${access.TOKEN}, token_hash, ${access.TENANT} from tokens join tenants using (tenant_id) where token_hash = $1`,
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

  #run<T>(makeScript: () => Script<T>): Promise<T> {
    return runScript(this.#database, makeScript);
  }
}
