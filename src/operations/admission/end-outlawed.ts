import type { OutlawedConference } from '../../store/admission.ts';
import type { Store } from '../../store/store.ts';
import { eachAtOnce } from './each-at-once.ts';

/** An engine that can be told to throw everybody out of a conference. */
export interface LiveConnector {
  name: string;
  /** True where nobody is in it any more; false where the conference is not this engine's. A failure is tried again. */
  eject(conference: OutlawedConference): Promise<boolean>;
}

const MOST = 100;
/** An engine that hangs holds up no more than these. */
const AT_ONCE = 8;

/** Ends the live conferences of clients that are not active any more, at whichever engine has them. What could not be ended is tried again the next time. */
export async function endOutlawed(
  { store, connectors }: { store: Store; connectors: readonly LiveConnector[] },
  now: number,
): Promise<void> {
  if (connectors.length === 0) return;
  for (let after = ''; ;) {
    const conferences = await store.admission.findOutlawed({ at: now, after, limit: MOST });
    await eachAtOnce(conferences, AT_ONCE, async (conference) => {
      for (const connector of connectors) {
        if (!(await connector.eject(conference).catch(() => false))) continue;
        await store.admission.endLegs({ ...conference, at: now });
        break;
      }
    });
    // Those that nobody can be told to end are in the way of no other.
    after = conferences.at(-1)?.conference ?? '';
    if (conferences.length < MOST) return;
  }
}
