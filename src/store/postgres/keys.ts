import type { WrappedKeys } from '../../vault/keys.ts';
import type { Database } from './database.ts';

/** The wrapped keys. Two rows that are always written together, in one order. */
export class Keys {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(): Promise<WrappedKeys | undefined> {
    const rows = await this.#database.query<{ purpose: string; wrapped: Uint8Array }>('select purpose, wrapped from wrapped_keys');
    const data = rows.find(({ purpose }) => purpose === 'data');
    const index = rows.find(({ purpose }) => purpose === 'index');
    return data && index && { data: data.wrapped, index: index.wrapped };
  }

  async ensure(keys: WrappedKeys): Promise<WrappedKeys> {
    await this.#database.query(
      `insert into wrapped_keys (purpose, wrapped) values ('data', $1), ('index', $2) on conflict (purpose) do nothing`,
      [keys.data, keys.index],
    );
    return (await this.find()) ?? keys;
  }

  /** Both rows or none: the first is locked before the second is looked at. */
  async replace({ from, to }: { from: WrappedKeys; to: WrappedKeys }): Promise<boolean> {
    const rows = await this.#database.query(
      `with present as (select purpose, wrapped from wrapped_keys order by purpose for update),
         same as (
           select count(*) = 2 as yes from present
           where (purpose = 'data' and wrapped = $1) or (purpose = 'index' and wrapped = $2)),
         bump as (update revisions set revision = revision + 1 where name = 'access' and (select yes from same))
       update wrapped_keys set wrapped = case purpose when 'data' then $3::bytea else $4::bytea end
       where (select yes from same) returning purpose`,
      [from.data, from.index, to.data, to.index],
    );
    return rows.length === 2;
  }
}
