import type { ConferencingEngine } from './engine.ts';
import type { JanusSettings } from '../domain/janus.ts';
import { JanusEngine } from './janus/janus-engine.ts';

/** The engine that is told which rooms to have, where there is one. */
export function openEngine({ janus }: { janus: JanusSettings | undefined }): ConferencingEngine | undefined {
  return janus && new JanusEngine(janus);
}
