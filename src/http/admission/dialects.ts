import type { DialectName } from '../../domain/bridge.ts';
import type { AdmissionDialect } from './dialect.ts';
import { janusDialect } from './dialects/janus.ts';
import { jsonDialect } from './dialects/json.ts';

/** Every dialect that src/domain/bridge.ts declares: one that is not here does not compile. */
export const ADMISSION_DIALECTS = {
  json: jsonDialect,
  janus: janusDialect,
} as const satisfies Record<DialectName, AdmissionDialect>;
