import { Connection } from './connection.ts';
import { idOf, makeSilence, openCamera, openMicrophone, openScreen } from './devices.ts';
import { Media } from './media.ts';
import type { IceServer, ServerFrame, TrackKind } from './protocol.ts';
import type { Happening } from './state.ts';

const COME_BACK_MS = 5_000;

export interface SessionEvents {
  happen(event: Happening): void;
  sound(stream: MediaStream): void;
  pictures(streams: ReadonlyMap<string, MediaStream>): void;
  /** What this browser shows itself. */
  own(kind: TrackKind, stream: MediaStream | undefined): void;
}

export interface Wish {
  name: string;
  microphone: MediaStream | undefined;
  muted: boolean;
  /** From the start, where there is video. Undefined: none. */
  camera: string | undefined;
}

/** One's stay in the conference, over as many connections as it takes. */
export class Session {
  readonly #events: SessionEvents;
  readonly #name: string;
  #microphone: MediaStream;
  /** Without one silence is sent, and the others are heard. */
  #hasMicrophone: boolean;
  #isMuted: boolean;
  #hand = false;
  #camera: string | undefined;
  #isCameraDue: boolean;
  /** The browser is asking. */
  readonly #opening = new Set<TrackKind>();
  #media: Media | undefined;
  #wakeLock: WakeLockSentinel | undefined;
  readonly #shown = new Map<TrackKind, MediaStream>();
  readonly #connection: Connection;

  constructor({ name, microphone, muted, camera }: Wish, events: SessionEvents) {
    this.#name = name;
    this.#microphone = microphone ?? makeSilence();
    this.#hasMicrophone = microphone !== undefined;
    this.#isMuted = muted || !this.#hasMicrophone;
    this.#camera = camera;
    this.#isCameraDue = camera !== undefined;
    this.#events = events;
    this.#apply();
    this.#hearEnd();
    events.happen({ type: 'joining', muted: this.#isMuted });
    this.#connection = new Connection(`${location.href.replace(/^http/, 'ws').replace(/[?#].*$/, '')}/socket`, {
      open: () => this.#connection.send({ type: 'join', name: this.#name, muted: this.#isMuted }),
      frame: (frame) => void this.#read(frame),
      lost: () => {
        this.#media?.close();
        events.happen({ type: 'lost' });
      },
    });
  }

  get microphoneId(): string {
    return this.#hasMicrophone ? idOf(this.#microphone) : '';
  }

  get cameraId(): string {
    return idOf(this.#shown.get('camera')) || (this.#camera ?? '');
  }

  send(frame: object): void {
    this.#connection.send(frame);
  }

  /** Who came without a microphone is asked for one before anything is heard. */
  async #mute(isMuted: boolean): Promise<void> {
    if (!isMuted && !this.#hasMicrophone && !(await this.changeMicrophone())) return;
    this.#isMuted = isMuted;
    this.#apply();
    this.send({ type: 'mute', muted: isMuted });
    this.#events.happen({ type: 'mute', muted: isMuted });
  }

  toggleMute(): Promise<void> {
    return this.#mute(!this.#isMuted);
  }

  raise(up: boolean): void {
    this.#hand = up;
    this.send({ type: 'hand', up });
    this.#events.happen({ type: 'hand', up });
  }

  /** Whether there is one now. */
  async changeMicrophone(deviceId?: string): Promise<boolean> {
    const { stream, problem } = await openMicrophone(deviceId);
    if (stream === undefined) {
      this.#events.happen({ type: 'problem', key: `microphone.${problem}` });
      return false;
    }
    stopAll(this.#microphone);
    this.#microphone = stream;
    this.#hasMicrophone = true;
    this.#apply();
    this.#hearEnd();
    await this.#media?.changeMicrophone(stream);
    return true;
  }

  /** What is shown changes at once; else it is the one that will be. */
  async changeCamera(deviceId: string): Promise<void> {
    this.#camera = deviceId;
    const shown = this.#shown.get('camera');
    if (shown === undefined) return;
    stopAll(shown);
    await this.#open('camera', deviceId);
  }

  /** On where it is off, and the other way round. */
  async toggle(kind: TrackKind): Promise<void> {
    if (this.#opening.has(kind)) return;
    const shown = this.#shown.get(kind);
    if (shown !== undefined) {
      stopAll(shown);
      return this.#show(kind, undefined);
    }
    return this.#open(kind, this.#camera ?? '');
  }

  leave(): void {
    this.send({ type: 'leave' });
  }

  async #open(kind: TrackKind, deviceId: string): Promise<void> {
    this.#opening.add(kind);
    const stream = await (kind === 'camera' ? openCamera(deviceId) : openScreen());
    this.#opening.delete(kind);
    if (stream === undefined) {
      this.#events.happen({ type: 'problem', key: `${kind}.failed` });
      // What was shown before has ended for this one.
      return this.#shown.has(kind) ? this.#show(kind, undefined) : undefined;
    }
    // The browser's own bar has a button for it.
    stream.getVideoTracks()[0]?.addEventListener('ended', () => void this.#show(kind, undefined));
    return this.#show(kind, stream);
  }

  async #show(kind: TrackKind, stream: MediaStream | undefined): Promise<void> {
    if (stream === undefined) this.#shown.delete(kind);
    else this.#shown.set(kind, stream);
    this.#events.own(kind, stream);
    await this.#media?.show(kind, stream);
  }

  async #read(frame: ServerFrame): Promise<void> {
    if (frame.type === 'muted') {
      this.#isMuted = true;
      this.#apply();
    }
    this.#events.happen(frame);
    if (frame.type === 'joined') await this.#begin(frame.iceServers, frame.media.includes('video'));
    else if (frame.type === 'answer') await this.#media?.answered(frame.channel, frame.sdp);
    else if (frame.type === 'offer') await this.#media?.watch(frame.sdp, frame.tracks);
    else if (frame.type === 'over') this.#end();
  }

  async #begin(iceServers: readonly IceServer[], hasVideo: boolean): Promise<void> {
    this.#media?.close();
    const media = new Media(iceServers, {
      send: (frame) => this.send(frame),
      sound: (stream) => this.#events.sound(stream),
      pictures: (streams) => this.#events.pictures(streams),
      way: () => this.#events.happen({ type: 'problem', key: undefined }),
      noWay: () => {
        this.#events.happen({ type: 'problem', key: 'noWay' });
        setTimeout(() => this.#media === media && this.#connection.restart(), COME_BACK_MS);
      },
    });
    this.#media = media;
    await media.talk(this.#microphone);
    if (hasVideo) for (const [kind, stream] of this.#shown) await media.show(kind, stream);
    if (hasVideo && this.#isCameraDue) await this.toggle('camera');
    this.#isCameraDue = false;
    if (this.#hand) this.send({ type: 'hand', up: true });
    this.#wakeLock ??= await navigator.wakeLock?.request('screen').catch(() => undefined);
  }

  #end(): void {
    this.#media?.close();
    this.#connection.close();
    stopAll(this.#microphone);
    for (const stream of this.#shown.values()) stopAll(stream);
    void this.#wakeLock?.release();
  }

  /** A microphone that was pulled out says so. */
  #hearEnd(): void {
    this.#microphone.getAudioTracks()[0]?.addEventListener('ended', () => this.#events.happen({ type: 'problem', key: 'microphone.gone' }));
  }

  /** Nothing leaves this browser while it is muted, whatever the server has heard of that. */
  #apply(): void {
    for (const track of this.#microphone.getAudioTracks()) track.enabled = !this.#isMuted;
  }
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
