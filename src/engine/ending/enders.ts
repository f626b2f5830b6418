import type { Bridge, DialectName } from '../../domain/bridge.ts';
import { asteriskEnder } from './asterisk.ts';
import { bigBlueButtonEnder } from './big-blue-button.ts';
import type { ConferenceEnder } from './ender.ts';
import { freeswitchEnder } from './freeswitch.ts';
import { jitsiEnder } from './jitsi.ts';
import { liveKitEnder } from './livekit.ts';
import { pexipEnder } from './pexip.ts';
import { twimlEnder } from './twiml.ts';

const ENDERS: Partial<Record<DialectName, ConferenceEnder>> = {
  asterisk: asteriskEnder,
  bigbluebutton: bigBlueButtonEnder,
  freeswitch: freeswitchEnder,
  jitsi: jitsiEnder,
  livekit: liveKitEnder,
  pexip: pexipEnder,
  twiml: twimlEnder,
};

/** Undefined where this bridge's engine cannot be told to end a conference, or where it is not set up for that. */
export function enderOf(bridge: Bridge): ConferenceEnder | undefined {
  const ender = ENDERS[bridge.dialect];
  return ender?.canEnd(bridge) ? ender : undefined;
}
