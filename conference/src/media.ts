import type { IceServer, TrackKind, WatchedTrack } from './protocol.ts';

type Channel = 'audio' | 'publish' | 'watch';

export interface MediaEvents {
  send(frame: object): void;
  /** The sound of all others. */
  sound(stream: MediaStream): void;
  /** What others show, by participant and kind. */
  pictures(streams: ReadonlyMap<string, MediaStream>): void;
  /** Sound has found its way. */
  way(): void;
  /** No way leads through the network. */
  noWay(): void;
}

export const pictureKey = (participant: string, kind: TrackKind): string => `${participant}/${kind}`;

/** How long a way through the network is looked for, and how long one may be interrupted. */
const FOUND_WITHIN_MS = 12_000;
const BACK_WITHIN_MS = 5_000;

/** The connections of one stay in the conference: sound both ways, what this browser shows, and what others show. */
export class Media {
  readonly #events: MediaEvents;
  readonly #configuration: RTCConfiguration;
  readonly #peers = new Map<Channel, RTCPeerConnection>();
  readonly #shown = new Map<TrackKind, RTCRtpTransceiver>();
  #offers: Promise<void> = Promise.resolve();

  constructor(iceServers: readonly IceServer[], events: MediaEvents) {
    this.#configuration = { iceServers: [...iceServers], bundlePolicy: 'max-bundle' };
    this.#events = events;
  }

  async talk(microphone: MediaStream): Promise<void> {
    const peer = this.#open('audio');
    peer.addEventListener('track', ({ track }) => this.#events.sound(new MediaStream([track])));
    for (const track of microphone.getAudioTracks()) peer.addTrack(track, microphone);
    await this.#offer('audio', peer);
  }

  async changeMicrophone(microphone: MediaStream): Promise<void> {
    const [sender] = this.#peers.get('audio')?.getSenders() ?? [];
    await sender?.replaceTrack(microphone.getAudioTracks()[0] ?? null);
  }

  /** Undefined: it is shown no more. */
  async show(kind: TrackKind, stream: MediaStream | undefined): Promise<void> {
    const track = stream?.getVideoTracks()[0];
    const known = this.#shown.get(kind);
    const peer = this.#peers.get('publish') ?? this.#open('publish');
    if (track === undefined) {
      if (known === undefined) return;
      known.direction = 'inactive';
      await known.sender.replaceTrack(null);
    } else if (known === undefined) this.#shown.set(kind, peer.addTransceiver(track, { direction: 'sendonly' }));
    else {
      await known.sender.replaceTrack(track);
      // Another picture in the place of one that is shown is nothing that the others need to be told of.
      if (known.direction === 'sendonly') return;
      known.direction = 'sendonly';
    }
    await this.#offer('publish', peer);
  }

  async answered(channel: 'audio' | 'publish', sdp: string): Promise<void> {
    await this.#peers.get(channel)?.setRemoteDescription({ type: 'answer', sdp });
  }

  async watch(sdp: string, tracks: readonly WatchedTrack[]): Promise<void> {
    const peer = this.#peers.get('watch') ?? this.#open('watch');
    await peer.setRemoteDescription({ type: 'offer', sdp });
    await peer.setLocalDescription();
    this.#events.send({ type: 'answer', channel: 'watch', sdp: peer.localDescription?.sdp ?? '' });
    const streams = new Map<string, MediaStream>();
    for (const { mid, participant, kind } of tracks) {
      const track = peer.getTransceivers().find((one) => one.mid === mid)?.receiver.track;
      if (track !== undefined) streams.set(pictureKey(participant, kind), new MediaStream([track]));
    }
    this.#events.pictures(streams);
  }

  close(): void {
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
    this.#shown.clear();
  }

  #open(channel: Channel): RTCPeerConnection {
    const peer = new RTCPeerConnection(this.#configuration);
    this.#peers.set(channel, peer);
    peer.addEventListener('icecandidate', ({ candidate }) =>
      this.#events.send({ type: 'candidate', channel, candidate: candidate === null ? null : candidate.toJSON() }),
    );
    let isTold = false;
    const tell = (): void => {
      if (isTold || peer.connectionState === 'connected' || peer.connectionState === 'closed') return;
      isTold = true;
      this.#events.noWay();
    };
    peer.addEventListener('connectionstatechange', () => {
      if (peer.connectionState === 'connected' && channel === 'audio') this.#events.way();
      if (peer.connectionState === 'failed') tell();
      if (peer.connectionState === 'disconnected') setTimeout(tell, BACK_WITHIN_MS);
    });
    if (channel === 'audio') setTimeout(tell, FOUND_WITHIN_MS);
    return peer;
  }

  /** One after the other: the next offer waits for the answer to this one. */
  #offer(channel: 'audio' | 'publish', peer: RTCPeerConnection): Promise<void> {
    const before = this.#offers;
    this.#offers = (async () => {
      await before.catch(() => {});
      await isStable(peer);
      await peer.setLocalDescription();
      const tracks = [...this.#shown].flatMap(([kind, { mid }]) => (channel === 'publish' && mid !== null ? [{ mid, kind }] : []));
      this.#events.send({ type: 'offer', channel, sdp: peer.localDescription?.sdp ?? '', tracks });
    })();
    return this.#offers;
  }
}

function isStable(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (peer.signalingState !== 'stable' && peer.signalingState !== 'closed') return;
      peer.removeEventListener('signalingstatechange', look);
      resolve();
    };
    peer.addEventListener('signalingstatechange', look);
    look();
  });
}
