import type { AdmissionDesk } from '../../admission/desk.ts';

/** Ends the legs of which nobody has said that they ended, and forgets counts that say nothing any more. On several nodes it does no harm. */
export async function sweepAdmission({ store, now }: AdmissionDesk): Promise<void> {
  await store.admission.sweep(now());
}
