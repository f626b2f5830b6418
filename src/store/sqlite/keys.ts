import type { DatabaseSync } from 'node:sqlite';
import { areSameKeys, type WrappedKeys } from '../../vault/keys.ts';

export function prepareFindKeys(db: DatabaseSync): () => WrappedKeys | undefined {
  const select = db.prepare('select wrapped from wrapped_keys where purpose = ?');
  return () => {
    const data = select.get('data') as { wrapped: Uint8Array } | undefined;
    const index = select.get('index') as { wrapped: Uint8Array } | undefined;
    return data && index && { data: data.wrapped, index: index.wrapped };
  };
}

export function prepareKeyWrites(db: DatabaseSync) {
  const find = prepareFindKeys(db);
  const upsert = db.prepare(`
    insert into wrapped_keys (purpose, wrapped) values (?, ?) on conflict (purpose) do update set wrapped = excluded.wrapped`);
  const keep = (keys: WrappedKeys): void => {
    upsert.run('data', keys.data);
    upsert.run('index', keys.index);
  };
  return {
    replaceKeys({ from, to }: { from: WrappedKeys; to: WrappedKeys }): boolean {
      const existing = find();
      if (existing === undefined || !areSameKeys(existing, from)) return false;
      keep(to);
      return true;
    },
    ensureKeys(keys: WrappedKeys): WrappedKeys {
      const existing = find();
      if (existing === undefined) keep(keys);
      return existing ?? keys;
    },
  };
}
