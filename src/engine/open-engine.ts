import type { JanusSettings } from '../domain/janus.ts';
import type { ConferencingEngine } from './engine.ts';
import { JanusEngine } from './janus/janus-engine.ts';
import { JanusMedia } from './janus/janus-media.ts';
import type { MediaEngine } from './media.ts';

/** The engine that is told which rooms to have, where there is one. */
export function openEngine({ janus }: { janus: JanusSettings | undefined }): ConferencingEngine | undefined {
  return janus && new JanusEngine(janus);
}

/** Where browsers' audio and video go, where they may. */
export function openMedia({ janus }: { janus: JanusSettings | undefined }): MediaEngine | undefined {
  return janus?.sessions && new JanusMedia(janus.sessions);
}
