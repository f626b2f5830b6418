import type { Secret } from '../domain/secret.ts';

/** A session description as browsers have it. */
export interface Description {
  type: 'offer' | 'answer';
  sdp: string;
}

export type TrackKind = 'camera' | 'screen';

/** What one line of a session description shows. */
export interface Track {
  mid: string;
  kind: TrackKind;
}

/** What somebody else shows, on a line of our offer. */
export interface WatchedTrack extends Track {
  participant: string;
}

/** An ICE candidate as browsers have it; null says that there are no more. */
export type Candidate = { candidate: string; sdpMid?: string | null; sdpMLineIndex?: number | null } | null;

/** What Parley's nodes tell each other, by way of the engine, of somebody who is in it by the web. */
export interface SelfDescription {
  name: string;
  role: 'moderator' | 'participant';
  hand: boolean;
  /** By which who was removed is known again. It is for Parley alone. */
  visitor: string;
}

/** Somebody in the room. A caller by telephone has no name. */
export interface Present extends SelfDescription {
  id: string;
  muted: boolean;
  by: 'web' | 'telephone';
}

export interface MediaRoom {
  number: number;
  pin: Secret;
  hasVideo: boolean;
}

/** What comes from the engine by itself. */
export interface SeatEvents {
  present(participants: readonly Present[]): void;
  left(id: string): void;
  talking(id: string, isTalking: boolean): void;
  /** What others show has changed: the browser answers this offer. */
  watch(offer: Description, tracks: readonly WatchedTrack[]): void;
  /** The room has ended, or a moderator has removed this participant. */
  removed(why: 'room-ended' | 'removed'): void;
  /** The engine is gone. */
  lost(): void;
}

/** One participant's place at the engine. Each call rejects where the engine refuses or is away. */
export interface MediaSeat {
  /** Comes in; resolves with everybody else who is there. */
  join(): Promise<readonly Present[]>;
  talk(offer: Description): Promise<Description>;
  publish(offer: Description, tracks: readonly Track[]): Promise<Description>;
  unpublish(): Promise<void>;
  answerWatch(answer: Description): Promise<void>;
  candidate(channel: 'audio' | 'publish' | 'watch', candidate: Candidate): void;
  mute(isMuted: boolean): Promise<void>;
  describe(self: SelfDescription): Promise<void>;
  /** A repeat changes nothing. */
  close(): void;
}

export interface NewSeat {
  room: MediaRoom;
  /** The same each time that somebody comes back. */
  id: string;
  self: SelfDescription;
  isMuted: boolean;
  events: SeatEvents;
}

/** Where browsers' audio and video go. */
export interface MediaEngine {
  openSeat(seat: NewSeat): Promise<MediaSeat>;
}

/** The engine did not do what it was asked. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
  /** Somebody of this id is in the room still: the connection of before has not ended there yet. */
  readonly isTaken: boolean;

  constructor(message: string, { isTaken = false, cause }: { isTaken?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.isTaken = isTaken;
  }
}
