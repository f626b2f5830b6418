import type { ClientStatus } from './client.ts';
import { clientTerminated, type ProvisioningError } from './errors.ts';
import { type Entry, entryOfStatus } from './journal.ts';
import { decideLifecycle } from './lifecycle.ts';

/** What the resources do to one client, beyond the contract's lifecycle. */
export type ClientChange =
  /** Of a client whose platform is elsewhere, when that has confirmed it. */
  | { kind: 'set-status'; status: 'active' | 'inactive' }
  | { kind: 'terminate'; reason: string | undefined }
  | { kind: 'schedule-termination'; reason: string | undefined; dueAt: number }
  | { kind: 'cancel-termination' }
  | { kind: 'erase' }
  /** The codes themselves are the store's, sealed. Until `overlapUntil` the old pair opens the same conference. */
  | { kind: 'rotate-pass-codes'; overlapUntil: number };

export interface ChangeableClient {
  externalId: number;
  status: ClientStatus;
  /** When it will be terminated, and why, where that was asked for. */
  terminateAt: number | undefined;
  terminateReason: string | undefined;
}

export type ChangeDecision = { kind: 'apply'; entry: Entry } | { kind: 'unchanged' } | { kind: 'refuse'; error: ProvisioningError };

/** Level, not edge, so that a repeat is a success; what is terminated stays so, and what is erased is gone. */
export function decideClientChange(client: ChangeableClient, change: ClientChange): ChangeDecision {
  const { status, externalId, terminateAt, terminateReason } = client;
  const isErased = status === 'erased';
  const isFinal = isErased || status === 'terminated';
  const apply = (type: Entry['type'], data: Entry['data'], details: Entry['details']): ChangeDecision => ({
    kind: 'apply',
    entry: { type, subject: 'client', data: { externalId, ...data }, details },
  });
  switch (change.kind) {
    case 'set-status': {
      const decision = decideLifecycle(status, change.status);
      return decision.kind === 'set' ? { kind: 'apply', entry: entryOfStatus(externalId, status, change.status) } : decision;
    }
    case 'terminate':
      if (isFinal) return { kind: 'unchanged' };
      return apply('client.terminated', {}, { status: [status, 'terminated'], reason: [null, change.reason ?? null] });
    case 'schedule-termination': {
      const { dueAt, reason } = change;
      if (isFinal) return { kind: 'refuse', error: clientTerminated() };
      if (terminateAt === dueAt && terminateReason === reason) return { kind: 'unchanged' };
      const due = new Date(dueAt).toISOString();
      return apply('client.termination_scheduled', { dueAt: due }, { reason: [terminateReason ?? null, reason ?? null] });
    }
    case 'cancel-termination':
      return terminateAt === undefined ? { kind: 'unchanged' } : apply('client.termination_cancelled', {}, undefined);
    case 'erase':
      return isErased ? { kind: 'unchanged' } : apply('client.erased', {}, { status: [status, 'erased'] });
    case 'rotate-pass-codes':
      if (isFinal) return { kind: 'refuse', error: clientTerminated() };
      return apply('passcodes.rotated', { overlapUntil: new Date(change.overlapUntil).toISOString() }, undefined);
  }
}
