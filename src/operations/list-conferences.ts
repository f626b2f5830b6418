import type { AdmissionDesk } from '../admission/desk.ts';
import { type Caller, requireScope } from '../domain/caller.ts';
import type { LiveLeg, LiveQuery, UsageLeg, UsageQuery } from '../store/admission.ts';
import type { Store } from '../store/store.ts';

export interface LiveConference extends Pick<LiveLeg, 'conference' | 'clientId' | 'companyId'> {
  since: number;
  participants: LiveLeg[];
}

/** Who is in a conference of the tenant's now, as far as bridges have told, and who was let in and may be joining. Changes nothing. */
export async function listConferences(
  { store, legs, now }: AdmissionDesk,
  caller: Caller,
  filter: Pick<LiveQuery, 'clientId' | 'companyId'>,
): Promise<LiveConference[]> {
  requireScope(caller, 'read');
  await legs.flush();
  const live = await store.admission.listLive({ ...filter, tenantId: caller.tenant.tenantId, at: now() });
  return [...Map.groupBy(live, ({ conference }) => conference).values()].map((participants) => {
    const { conference, clientId, companyId } = participants[0] as LiveLeg;
    return { conference, clientId, companyId, since: Math.min(...participants.map(({ admittedAt }) => admittedAt)), participants };
  });
}

/** A record for each participant's leg, in the order in which they were let in. Changes nothing. */
export async function listUsage(store: Store, caller: Caller, query: Omit<UsageQuery, 'tenantId'>): Promise<UsageLeg[]> {
  requireScope(caller, 'read');
  return store.admission.listUsage({ ...query, tenantId: caller.tenant.tenantId });
}
