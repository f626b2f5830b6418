/** docs/conference-protocol.md, as this page uses it. */
export interface Participant {
  id: string;
  name: string;
  role: 'moderator' | 'participant';
  muted: boolean;
  hand: boolean;
  by: 'web' | 'telephone';
}

export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

export type TrackKind = 'camera' | 'screen';

export interface WatchedTrack {
  mid: string;
  participant: string;
  kind: TrackKind;
}

export type OverReason = 'left' | 'ended' | 'removed' | 'locked' | 'full' | 'deactivated' | 'time' | 'replaced' | 'not_recognised';

export type ServerFrame =
  | { type: 'waiting'; for: 'moderator' | 'engine' }
  | {
      type: 'joined';
      participant: string;
      role: 'moderator' | 'participant';
      media: readonly ('audio' | 'video')[];
      locked: boolean;
      iceServers: readonly IceServer[];
      participants: readonly Participant[];
    }
  | ({ type: 'participant' } & Participant)
  | { type: 'left'; id: string }
  | { type: 'talking'; id: string; talking: boolean }
  | { type: 'answer'; channel: 'audio' | 'publish'; sdp: string }
  | { type: 'offer'; channel: 'watch'; sdp: string; tracks: WatchedTrack[] }
  | { type: 'muted'; by: 'moderator' }
  | { type: 'locked'; locked: boolean }
  | { type: 'chat'; id: string; name: string; text: string; at: number }
  | { type: 'error'; command: string; code: string; message: string }
  | { type: 'over'; reason: OverReason };
