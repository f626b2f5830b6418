import type { DatabaseSync } from 'node:sqlite';
import * as queue from '../scripts/deliveries.ts';
import * as reads from '../scripts/webhook-reads.ts';
import * as writes from '../scripts/webhooks.ts';
import type { WebhookStore } from '../webhooks.ts';
import type { Append } from './journal.ts';
import { prepareScripts, SQLITE } from './script.ts';

type Input<Name extends keyof WebhookStore> = Parameters<WebhookStore[Name]>[0];

/** On the writer's side. */
export function prepareWebhookWrites(db: DatabaseSync, append: Append) {
  const run = prepareScripts(db, append);
  return {
    createWebhook: (endpoint: Input<'create'>) => run(writes.create(endpoint)),
    updateWebhook: (change: Input<'update'>) => run(writes.change(change)),
    rotateWebhookSecret: (rotation: Input<'rotateSecret'>) => run(writes.rotateSecret(rotation)),
    removeWebhook: (removal: Input<'remove'>) => run(writes.remove(removal)),
    replayWebhook: (replay: Input<'replay'>) => run(writes.replay(replay)),
    fanOutWebhook: (command: Input<'fanOut'>) => run(queue.fanOut(command)),
    advanceReplay: (command: Input<'advanceReplay'>) => run(queue.advanceReplay(command)),
    claimDeliveries: (claim: Input<'claim'>) => run(queue.claim(SQLITE, claim)),
    settleDelivery: (settlement: Input<'settle'>) => run(queue.settle(settlement)),
    retryDelivery: (retry: Input<'retry'>) => run(queue.retry(retry)),
    releaseDelivery: (claim: Input<'release'>) => run(queue.release(claim)),
    releaseDeliveries: (_nothing: undefined) => run(queue.releaseAll()),
    pruneDeliveries: (command: Input<'prune'>) => run(queue.prune(command)),
  };
}

type Writes = ReturnType<typeof prepareWebhookWrites>;
export type WebhookWrites = { [Name in keyof Writes]: (...input: Parameters<Writes[Name]>) => Promise<ReturnType<Writes[Name]>> };

/** What the store offers, over the writer and its own connection for reading. */
export function makeWebhookStore(db: DatabaseSync, write: WebhookWrites, read: <T>(query: () => T) => T): WebhookStore {
  const run = prepareScripts(db);
  return {
    create: write.createWebhook,
    update: write.updateWebhook,
    rotateSecret: write.rotateWebhookSecret,
    remove: write.removeWebhook,
    replay: write.replayWebhook,
    fanOut: write.fanOutWebhook,
    advanceReplay: write.advanceReplay,
    claim: write.claimDeliveries,
    settle: write.settleDelivery,
    retry: write.retryDelivery,
    release: write.releaseDelivery,
    releaseAll: () => write.releaseDeliveries(undefined),
    prune: write.pruneDeliveries,
    list: async (tenantId) => read(() => run(reads.list(tenantId))),
    find: async (key) => read(() => run(reads.find(key))),
    listDeliveries: async (query) => read(() => run(reads.listDeliveries(query))),
    findWork: async (at) => read(() => run(reads.findWork(SQLITE, at))),
    count: async () => read(() => run(reads.count())),
  };
}
