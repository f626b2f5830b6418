import type { ConferencingEngine } from './engine.ts';
import { JanusEngine, type JanusOptions } from './janus/janus-engine.ts';

/** The engine that is told which rooms to have, where there is one. */
export function openEngine({ janus }: { janus: JanusOptions | undefined }): ConferencingEngine | undefined {
  return janus && new JanusEngine(janus);
}
