import type { DatabaseSync } from 'node:sqlite';
import type { WrappedKeys } from '../../vault/keys.ts';

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
  const replaceKeys = (keys: WrappedKeys): void => {
    upsert.run('data', keys.data);
    upsert.run('index', keys.index);
  };
  return {
    replaceKeys,
    ensureKeys(keys: WrappedKeys): WrappedKeys {
      const existing = find();
      if (existing === undefined) replaceKeys(keys);
      return existing ?? keys;
    },
  };
}
