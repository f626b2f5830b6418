import type { Admitted } from '../../../domain/admission.ts';
import type { Bridge } from '../../../domain/bridge.ts';
import type { Form } from '../form.ts';

/** For the application `conference`. */
export function targetOf(admitted: Admitted, bridge: Bridge): string {
  const flags = flagsOf(admitted, bridge);
  return `${admitted.conference}@${profileOf(admitted, bridge)}${flags === undefined ? '' : `+flags{${flags}}`}`;
}

/**
 * The last moderator to leave ends the conference. Since FreeSWITCH 1.10.10 `endconf` is of any of those who have it, and what `mandatory_member_endconf` says
 * is of the last; before, it was the other flag, and there was only that.
 */
export function flagsOf({ role }: Admitted, { settings }: Bridge): string | undefined {
  return role === 'moderator' ? `moderator|${settings.endFlag ?? 'mandatory_member_endconf'}` : undefined;
}

/** By SIP (RFC 3323) the number may be there and be for nobody to see. */
export function callerOf(form: Form): string | undefined {
  if (form.optional('Caller-Privacy-Hide-Number') === 'true') return undefined;
  return form.firstOf('Caller-Caller-ID-Number', 'Hunt-Caller-ID-Number', 'caller_id_number');
}

/** Whether participants wait is a matter of the conference's profile, which is that of whoever comes first. */
export function profileOf({ limits }: Admitted, { settings }: Bridge): string {
  return limits.waitForModerator ? (settings.waitProfile ?? 'wait-mod') : (settings.profile ?? 'default');
}
