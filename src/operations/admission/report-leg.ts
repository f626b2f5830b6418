import type { AdmissionDesk } from '../../admission/desk.ts';
import { type Bridge, sourceOf } from '../../domain/bridge.ts';
import { fieldsInvalid } from '../../domain/errors.ts';
import type { TenantId } from '../../domain/ids.ts';
import { type CallEnd, legKeyOf, type LegReport } from '../../domain/leg.ts';

/** A bridge tells who joined and who left. A repeat changes nothing, and reports may come late and in any order. */
export async function reportLeg({ store, vault, legs, now }: AdmissionDesk, bridge: Bridge, report: LegReport): Promise<void> {
  const place = vault.readConference(report.conference);
  const tenantId = place?.tenantId as TenantId | undefined;
  if (place === undefined || tenantId === undefined || (bridge.tenantId ?? tenantId) !== tenantId) throw conferenceUnknown();
  await legs.flush();
  const isKnown = await store.admission.reportLeg({
    report,
    legKey: legKeyOf(sourceOf(bridge), report.callId, report.conference),
    tenantId,
    reservationId: place.reservationId,
    bridgeId: bridge.bridgeId,
    now: now(),
  });
  if (!isKnown) throw conferenceUnknown();
}

/** A bridge tells that a call is over, and not what became of it: it is in no conference any more. A repeat changes nothing. */
export async function endCall({ store, legs, now }: AdmissionDesk, { bridgeId }: Bridge, { callId }: CallEnd): Promise<void> {
  await legs.flush();
  if (bridgeId !== undefined) await store.admission.endCall({ bridgeId, callId, at: now() });
}

/** Who was let in and cannot come in after all, because the engine is away, is not there: a place and a record less. A call that is made again has its leg again. */
export async function withdrawLeg(
  { store, vault, legs, now }: AdmissionDesk,
  bridge: Bridge,
  place: Pick<LegReport, 'conference' | 'callId'>,
): Promise<void> {
  const { conference, callId } = place;
  const read = vault.readConference(conference);
  if (read === undefined) return;
  await legs.flush();
  await store.admission.reportLeg({
    report: { kind: 'left', conference, callId, at: undefined },
    legKey: legKeyOf(sourceOf(bridge), callId, conference),
    tenantId: read.tenantId as TenantId,
    reservationId: read.reservationId,
    // Not a word of the bridge's own, which would say that it tells of joins.
    bridgeId: undefined,
    now: now(),
  });
}

/** Says the same of a conference that never was and of another tenant's. */
function conferenceUnknown(): Error {
  return fieldsInvalid([
    { field: 'conference', code: 'FIELD_INVALID', message: 'is not the conference of any answer that this bridge got' },
  ]);
}
