import type { Job } from './job.ts';

/** Resumes operations at a vendor that nobody carries out any more. */
export function recoverOperations(remote: { recover(): Promise<void> }): Job {
  return { name: 'recover operations', everyMs: 1_000, run: () => remote.recover() };
}
