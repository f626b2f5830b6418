import type { Logger } from 'pino';
import type { Authenticator } from '../operations/access/authenticate-caller.ts';
import type { MasterKeyWatch } from '../operations/store/watch-master-key.ts';
import type { Job } from './job.ts';

/** What other processes changed: of tokens, tenants and bridges, and of the master key. A revocation is visible within a second: half of that for the wait, the rest for a busy moment. */
export function followAccess(
  caches: readonly { refresh(): Promise<void> }[],
  { masterKeyWatch, log }: { masterKeyWatch: MasterKeyWatch; log: Logger },
): Job {
  return {
    name: 'follow access',
    everyMs: 500,
    async run() {
      for (const cache of caches) await cache.refresh();
      const change = await masterKeyWatch.look();
      if (change === 'opens') log.info('the master key was rotated, and this node has the new one');
      if (change === 'does not open')
        log.warn('the master key was rotated, and this node has the old one: it goes on, but bring it the new key before its next start');
    },
  };
}

/** When tokens were last used. */
export function recordTokenUses(authenticator: Authenticator): Job {
  return { name: 'record token uses', everyMs: 5_000, run: () => authenticator.flushUses() };
}
