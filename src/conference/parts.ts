import type { Logger } from 'pino';
import type { AdmissionDesk } from '../admission/desk.ts';
import type { IceSettings } from '../domain/ice.ts';
import type { MediaEngine } from '../engine/media.ts';
import type { RoomKeeper } from '../engine/room-keeper.ts';

/** What conferences in browsers are made of. */
export interface ConferenceParts {
  desk: AdmissionDesk;
  rooms: RoomKeeper;
  media: MediaEngine;
  ice: IceSettings;
  log: Logger;
}

/** Why somebody is out, and is not to come back by himself. */
export type OverReason = 'left' | 'ended' | 'removed' | 'locked' | 'full' | 'deactivated' | 'time' | 'replaced' | 'not_recognised';

/** To the browser. `close` ends the connection, after what was sent. */
export interface Line {
  send(frame: object): void;
  close(code: number, reason: string): void;
}

export const CLOSE_OVER = 4001;
/** Connect again. */
export const CLOSE_LOST = 4002;
export const CLOSE_FLOOD = 4008;
export const CLOSE_RESTART = 1012;
