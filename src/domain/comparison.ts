import type { ClientStatus } from './client.ts';
import type { ChangedPath, Recorded, Wanted } from './provisioning.ts';

/** A detail as it is on record and as it is wanted. */
export interface DetailChange {
  field: string;
  from: string | boolean | null;
  to: string | boolean | null;
}

/** The states that a caller may ask for. */
export const WANTED_STATUSES = ['active', 'inactive'] as const;
export type WantedStatus = (typeof WANTED_STATUSES)[number];

export const COMPARISON_OUTCOMES = ['create', 'update', 'deactivate', 'reactivate', 'unchanged', 'conflict', 'invalid'] as const;
export type ComparisonOutcome = (typeof COMPARISON_OUTCOMES)[number];

const HIDDEN = '***';

export function listChanges(changed: readonly ChangedPath[], { client, company }: Recorded, wanted: Wanted): DetailChange[] {
  const from: Record<string, string | boolean | null> = { ...company?.details, ...client?.details };
  const to: Record<string, string | boolean | null> = { ...wanted.companyDetails, ...wanted.clientDetails };
  return changed.map((field) =>
    field === 'client.password' ? { field, from: HIDDEN, to: HIDDEN } : { field, from: from[field] ?? null, to: to[field] ?? null },
  );
}

/** A change of status is what a reader must see first: it names the outcome, and changed details stand beside it. */
export function outcomeOf(
  found: { status: ClientStatus | undefined; changes: readonly DetailChange[] },
  wanted: WantedStatus | undefined,
): { outcome: ComparisonOutcome; changes: DetailChange[] } {
  const { status, changes } = found;
  const isNew = status === undefined;
  const isOther = wanted !== undefined && wanted !== (status ?? 'active');
  const all = isOther ? [...changes, { field: 'status', from: status ?? null, to: wanted }] : [...changes];
  if (isNew) return { outcome: 'create', changes: all };
  if (isOther) return { outcome: wanted === 'inactive' ? 'deactivate' : 'reactivate', changes: all };
  return { outcome: changes.length > 0 ? 'update' : 'unchanged', changes: all };
}
