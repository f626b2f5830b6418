import { openConnection } from '../src/store/sqlite/connection.ts';
import type { Writer } from '../src/store/sqlite/thread-writer.ts';
import { prepareCommit } from '../src/store/sqlite/writer.ts';

/** The alternative to the writer's thread: commits where the requests are served, which spares the copies and blocks on every fsync. */
export function startMainThreadWriter(path: string): Writer {
  const db = openConnection(path, 'write');
  const commit = prepareCommit(db);
  return {
    isAlive: true,
    async commit(group) {
      return commit(group);
    },
    async close() {
      db.close();
    },
  };
}
