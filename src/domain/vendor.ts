import type { Secret } from './secret.ts';

/**
 * What can be known of a provision whose answer was lost. `repeatable`: it may be sent again, and answers with the one client there is.
 * `findable`: each makes a client, but the vendor can be asked whether one took effect. `neither`: somebody has to look.
 */
export const CREATES = ['repeatable', 'findable', 'neither'] as const;
export type Creates = (typeof CREATES)[number];

/** A vendor that speaks the contract, as the operator describes it. */
export interface VendorSettings {
  url: URL;
  token: Secret;
  creates: Creates;
  timeoutMs: number;
  /** How long a call whose answer was lost may still take effect. */
  settleMs: number;
  /** What is not carried out for as long is told of. */
  stuckAfterMs: number;
}
