import type { Admitted } from '../../../domain/admission.ts';
import type { Bridge } from '../../../domain/bridge.ts';

/** For the application `conference`. */
export function targetOf(admitted: Admitted, bridge: Bridge): string {
  const flags = flagsOf(admitted);
  return `${admitted.conference}@${profileOf(admitted, bridge)}${flags === undefined ? '' : `+flags{${flags}}`}`;
}

/** The last moderator to leave ends the conference. */
export function flagsOf({ role }: Admitted): string | undefined {
  return role === 'moderator' ? 'moderator|endconf' : undefined;
}

/** Whether participants wait is a matter of the conference's profile, which is that of whoever comes first. */
export function profileOf({ limits }: Admitted, { settings }: Bridge): string {
  return limits.waitForModerator ? (settings.waitProfile ?? 'wait-mod') : (settings.profile ?? 'default');
}
