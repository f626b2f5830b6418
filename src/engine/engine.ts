import type { Secret } from '../domain/secret.ts';

/** How people are in a room: by voice, or with video too. */
export type Medium = 'audio' | 'video';

/** A room as it should be. The number says nothing of whose it is, and nobody finds it by trying. */
export interface RoomSpec {
  number: number;
  /** Who knows it may join. */
  pin: Secret;
  /** Who knows it owns the room: it stays with us. */
  secret: Secret;
  /** None: nobody is in the room, and nobody can enter. */
  media: ReadonlySet<Medium>;
}

export type Applied =
  /** The engine has said so. */
  | { kind: 'applied' }
  /** It will say the same again until somebody changes something. */
  | { kind: 'rejected'; detail: string }
  /** Certainly not done. */
  | { kind: 'unavailable'; detail: string }
  /** It may have been done, or in part: apply again. */
  | { kind: 'unknown'; detail: string };

/** A conferencing engine that is told which rooms to have. */
export interface ConferencingEngine {
  readonly name: string;
  /** Makes the engine equal to the room as specified, whatever it has of it. Never throws. */
  apply(room: RoomSpec): Promise<Applied>;
  /** Nobody hears this participant until he unmutes himself; throws where the engine did not do it. */
  muteParticipant(room: RoomSpec, id: string): Promise<void>;
  /** Throws a participant out of the room; one who is not in it is out already. Throws where the engine did not do it. */
  removeParticipant(room: RoomSpec, id: string): Promise<void>;
  /** The ids of those who are in the room; throws where the engine does not answer. */
  listParticipants(room: RoomSpec): Promise<ReadonlySet<string>>;
  /** Another one after each restart; throws where the engine does not answer. */
  epoch(): Promise<string>;
  /** Every room that it has, with the media that it has it for; throws where the engine does not answer. */
  inventory(): Promise<ReadonlyMap<number, ReadonlySet<Medium>>>;
  close(): Promise<void>;
}
