import { type Caller, requireScope } from '../../domain/caller.ts';
import { operationNotFound } from '../../domain/errors.ts';
import type { Operation } from '../../domain/operation.ts';
import type { Orphan } from '../../store/operations.ts';
import type { Store } from '../../store/store.ts';

export interface OperationQuery {
  after: number;
  stuckOnly: boolean;
  limit: number;
}

/** What is yet to be done at the remote platform, the oldest first. Changes nothing. */
export async function listOperations(store: Store, caller: Caller, query: OperationQuery, now: number): Promise<Operation[]> {
  requireScope(caller, 'read');
  return store.operations.list({ tenantId: caller.tenant.tenantId, ...query, at: now });
}

/**
 * Makes an operation due now. Of one that waits for an operator this says: "I have looked, and it may be sent to the platform (again)". A
 * repeat is a success.
 */
export async function retryOperation(store: Store, caller: Caller, operationId: number, now: number): Promise<void> {
  await resolve(store, caller, operationId, 'retry', now);
}

/** Gives up what is wanted: the record stays as it is. What the platform may have done already stays there. */
export async function discardOperation(store: Store, caller: Caller, operationId: number, now: number): Promise<void> {
  await resolve(store, caller, operationId, 'discard', now);
}

async function resolve(store: Store, caller: Caller, operationId: number, action: 'retry' | 'discard', at: number): Promise<void> {
  requireScope(caller, 'admin');
  const resolved = await store.operations.resolve({ tenantId: caller.tenant.tenantId, operationId, action, at });
  if (resolved === undefined) throw operationNotFound();
}

/** What the platform has and nobody asked for, as far as it was seen. Nothing was done to it. */
export async function listOrphans(store: Store, caller: Caller, query: { after: number; limit: number }): Promise<Orphan[]> {
  requireScope(caller, 'read');
  return store.operations.listOrphans({ tenantId: caller.tenant.tenantId, ...query });
}
