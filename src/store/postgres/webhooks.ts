import * as queue from '../scripts/deliveries.ts';
import type { Script } from '../scripts/script.ts';
import * as reads from '../scripts/webhook-reads.ts';
import * as writes from '../scripts/webhooks.ts';
import type { WebhookStore } from '../webhooks.ts';
import type { Database } from './database.ts';
import { POSTGRES, runScript } from './script.ts';

type Guard = <A extends unknown[], T>(work: (...input: A) => Promise<T>) => (...input: A) => Promise<T>;

export function makeWebhookStore(database: Database, guarded: Guard): WebhookStore {
  const script = <A extends unknown[], T>(make: (...input: A) => Script<T>) =>
    guarded((...input: A) => runScript(database, () => make(...input)));
  return {
    create: script(writes.create),
    update: script(writes.change),
    rotateSecret: script(writes.rotateSecret),
    remove: script(writes.remove),
    replay: script(writes.replay),
    fanOut: script(queue.fanOut),
    advanceReplay: script(queue.advanceReplay),
    claim: script((claim) => queue.claim(POSTGRES, claim)),
    settle: script(queue.settle),
    retry: script(queue.retry),
    release: script(queue.release),
    // Others may be alive: their leases run out by themselves.
    releaseAll: async () => {},
    prune: script(queue.prune),
    list: script(reads.list),
    find: script(reads.find),
    listDeliveries: script(reads.listDeliveries),
    findWork: script((at) => reads.findWork(POSTGRES, at)),
    count: script(reads.count),
  };
}
