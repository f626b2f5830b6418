import { parentPort } from 'node:worker_threads';
import { openConnection } from './connection.ts';
import type { Opening } from './thread-writer.ts';
import { prepareCommit, type Write } from './writer.ts';

/** The thread that owns the one writing connection: an fsync, or a wait for another process's lock, holds up no request. */
const port = parentPort;
if (port === null) throw new Error('writer-thread.ts runs as a worker thread');

port.once('message', ({ path }: Opening) => {
  const db = openConnection(path, 'write');
  const commit = prepareCommit(db);

  port.on('message', (group: Write[] | 'close') => {
    if (group === 'close') {
      db.close();
      port.close();
      return;
    }
    try {
      port.postMessage({ settled: commit(group) });
    } catch (error) {
      port.postMessage({ failure: (error as Error).message });
    }
  });
});
