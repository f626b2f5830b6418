import type { DatabaseSync } from 'node:sqlite';
import type { Advance, Claim, OperationStore, Resolution, Wish } from '../operations.ts';
import * as reads from '../scripts/operation-reads.ts';
import * as writes from '../scripts/operations.ts';
import type { Append } from './journal.ts';
import { prepareScripts, SQLITE } from './script.ts';

/** On the writer's side. */
export function prepareOperationWrites(db: DatabaseSync, append: Append) {
  const run = prepareScripts(db, append);
  return {
    wishOperation: (wish: Wish) => run(writes.wish(SQLITE, wish)),
    claimOperation: (claim: Claim) => run(writes.claim(SQLITE, claim)),
    advanceOperation: (advance: Advance) => run(writes.advance(SQLITE, advance)),
    resolveOperation: (resolution: Resolution) => run(writes.resolve(SQLITE, resolution)),
    releaseOperations: (_nothing: undefined) => run(writes.releaseAll()),
    becomeGateway: (_nothing: undefined) => run(writes.becomeGateway(SQLITE)),
  };
}

type Writes = ReturnType<typeof prepareOperationWrites>;
export type OperationWrites = { [Name in keyof Writes]: (...input: Parameters<Writes[Name]>) => Promise<ReturnType<Writes[Name]>> };

/** What the store offers, over the writer and its own connection for reading. */
export function makeOperationStore(db: DatabaseSync, write: OperationWrites): OperationStore {
  const run = prepareScripts(db);
  return {
    wish: write.wishOperation,
    claim: write.claimOperation,
    advance: write.advanceOperation,
    resolve: write.resolveOperation,
    releaseAll: () => write.releaseOperations(undefined),
    becomeGateway: () => write.becomeGateway(undefined),
    find: async (key) => run(reads.find(SQLITE, key)),
    findDue: async (query) => run(reads.findDue(SQLITE, query)),
    list: async (query) => run(reads.list(SQLITE, query)),
    count: async () => run(reads.count()),
    listOrphans: async (query) => run(reads.listOrphans(query)),
    isGateway: async () => run(reads.isGateway()),
  };
}
