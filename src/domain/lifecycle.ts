import type { ClientStatus } from './client.ts';
import { clientTerminated, type ProvisioningError } from './errors.ts';

export type LifecycleDecision = { kind: 'set' } | { kind: 'unchanged' } | { kind: 'refuse'; error: ProvisioningError };

/** Deactivate and reactivate (C5, C6): level, not edge, so that a repeat is a success; what is terminated stays so. */
export function decideLifecycle(recorded: ClientStatus, wanted: 'active' | 'inactive'): LifecycleDecision {
  const isFinal = recorded === 'terminated' || recorded === 'erased';
  // A terminated client's codes are refused already, which is all that deactivate asks for.
  if (isFinal) return wanted === 'inactive' ? { kind: 'unchanged' } : { kind: 'refuse', error: clientTerminated() };
  return recorded === wanted ? { kind: 'unchanged' } : { kind: 'set' };
}
