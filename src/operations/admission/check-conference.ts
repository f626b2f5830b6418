import type { AdmissionDesk } from '../../admission/desk.ts';
import type { Bridge } from '../../domain/bridge.ts';
import type { TenantId } from '../../domain/ids.ts';

export interface HeldConference {
  reservationId: number;
  conference: string;
  moderatorRequired: boolean;
  maxParticipants: number | undefined;
  maxDurationSeconds: number | undefined;
}

/**
 * May this conference be held now? For engines that ask so before they open a room that somebody entered by its name, which nobody can make up. Undefined
 * for one that never was, another tenant's, and one whose client is not active.
 */
export async function checkConference(
  { store, vault }: Pick<AdmissionDesk, 'store' | 'vault'>,
  bridge: Bridge,
  named: { conference: string } | { reservationId: number },
): Promise<HeldConference | undefined> {
  const reservationId = 'conference' in named ? vault.readConference(named.conference)?.reservationId : named.reservationId;
  const host = reservationId === undefined ? undefined : await store.admission.findHost(reservationId);
  if (reservationId === undefined || host === undefined || host.status !== 'active') return undefined;
  const conference = vault.nameConference(host.tenantId, reservationId);
  const isOurs = bridge.tenantId === undefined || bridge.tenantId === (host.tenantId satisfies TenantId);
  if (!isOurs || ('conference' in named && named.conference !== conference)) return undefined;
  const { moderatorRequired, maxParticipants, maxDurationSeconds } = host.rails;
  return { reservationId, conference, moderatorRequired, maxParticipants, maxDurationSeconds };
}
