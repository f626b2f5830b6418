import type { AdmissionDesk } from '../../admission/desk.ts';
import { type Caller, requireScope } from '../../domain/caller.ts';
import type { LiveLeg, LiveQuery, UsageLeg, UsageQuery } from '../../store/admission.ts';
import type { Store } from '../../store/store.ts';

export interface LiveConference extends Pick<LiveLeg, 'conference' | 'clientId' | 'companyId'> {
  since: number;
  participants: LiveLeg[];
}

/** Those of more participants than this are not all told. */
export const MOST_LIVE = 10_000;

/**
 * Who is in a conference of the tenant's now, as far as bridges have told, and who was let in and may be joining. `hasMore` where there are too many
 * to tell. Changes nothing.
 */
export async function listConferences(
  { store, legs, now }: AdmissionDesk,
  caller: Caller,
  filter: Pick<LiveQuery, 'clientId' | 'companyId'>,
): Promise<{ conferences: LiveConference[]; hasMore: boolean }> {
  requireScope(caller, 'read');
  await legs.flush();
  const found = await store.admission.listLive({ ...filter, tenantId: caller.tenant.tenantId, at: now(), limit: MOST_LIVE + 1 });
  const live = found.slice(0, MOST_LIVE);
  const conferences = [...Map.groupBy(live, ({ conference }) => conference).values()].map((participants) => {
    const { conference, clientId, companyId } = participants[0] as LiveLeg;
    return { conference, clientId, companyId, since: Math.min(...participants.map(({ admittedAt }) => admittedAt)), participants };
  });
  return { conferences, hasMore: found.length > live.length };
}

/** A record for each participant's leg, in the order in which they were let in, or the latest first. Changes nothing. */
export async function listUsage(store: Store, caller: Caller, query: Omit<UsageQuery, 'tenantId'>): Promise<UsageLeg[]> {
  requireScope(caller, 'read');
  return store.admission.listUsage({ ...query, tenantId: caller.tenant.tenantId });
}
