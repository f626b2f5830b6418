import type { DialectName } from '../../domain/bridge.ts';
import type { AdmissionDialect } from './dialect.ts';
import { freeswitchDialect } from './dialects/freeswitch.ts';
import { janusDialect } from './dialects/janus.ts';
import { jsonDialect } from './dialects/json.ts';
import { twimlDialect } from './dialects/twiml.ts';
import { asteriskDialect } from './dialects/asterisk.ts';
import { pexipDialect } from './dialects/pexip.ts';
import { bigbluebuttonDialect } from './dialects/bigbluebutton.ts';
import { jitsiDialect } from './dialects/jitsi.ts';
import { livekitDialect } from './dialects/livekit.ts';

/** Every dialect that src/domain/bridge.ts declares: one that is not here does not compile. */
export const ADMISSION_DIALECTS = {
  json: jsonDialect,
  twiml: twimlDialect,
  freeswitch: freeswitchDialect,
  asterisk: asteriskDialect,
  pexip: pexipDialect,
  bigbluebutton: bigbluebuttonDialect,
  jitsi: jitsiDialect,
  livekit: livekitDialect,
  janus: janusDialect,
} as const satisfies Record<DialectName, AdmissionDialect>;
