import type { JanusSettings } from '../../domain/janus.ts';
import type { Applied, ConferencingEngine, Medium, RoomSpec } from '../engine.ts';
import { drawKey, drawRoomNumber } from '../room-keys.ts';
import { AdminApi, JanusError } from './admin-api.ts';
import { AUDIO_BRIDGE, RoomPlugin, VIDEO_ROOM } from './room-plugin.ts';

/** Janus 1.1.2: AudioBridge for voice, VideoRoom for video, one number for both. */
export class JanusEngine implements ConferencingEngine {
  readonly name = 'janus';
  readonly #api: AdminApi;
  readonly #plugins: readonly [Medium, RoomPlugin][];
  readonly #voices: RoomPlugin;
  readonly #marks: RoomPlugin;
  #mark: RoomSpec | undefined;

  constructor({ url, adminSecret, roomAdminKey }: JanusSettings) {
    this.#api = new AdminApi({ url, secret: adminSecret });
    // A VideoRoom with nobody in it costs nothing; an AudioBridge has a thread.
    this.#marks = new RoomPlugin(this.#api, VIDEO_ROOM, roomAdminKey);
    this.#voices = new RoomPlugin(this.#api, AUDIO_BRIDGE, roomAdminKey);
    this.#plugins = [
      ['audio', this.#voices],
      ['video', this.#marks],
    ];
  }

  async apply(room: RoomSpec): Promise<Applied> {
    const results = await Promise.all(
      this.#plugins.map(([medium, plugin]) => (room.media.has(medium) ? plugin.open(room) : plugin.close(room)).catch(readFailure)),
    );
    const failed = results.filter(({ kind }) => kind !== 'applied');
    const [first] = failed;
    if (first === undefined) return { kind: 'applied' };
    // Where one plugin has done its part, all of it may be.
    return first.kind === 'unavailable' && failed.length < results.length ? { ...first, kind: 'unknown' } : first;
  }

  async muteParticipant(room: RoomSpec, id: string): Promise<void> {
    await this.#voices.mute(room, id);
  }

  async removeParticipant(room: RoomSpec, id: string): Promise<void> {
    for (const [medium, plugin] of this.#plugins) if (room.media.has(medium)) await plugin.kick(room, id);
  }

  listParticipants(room: RoomSpec): Promise<ReadonlySet<string>> {
    return this.#voices.participants(room);
  }

  /** Janus does not tell when it was started. A room of our own that nobody can enter does: it is gone when Janus was. */
  async epoch(): Promise<string> {
    if (this.#mark === undefined || !(await this.#marks.has(this.#mark.number))) {
      const mark = { number: drawRoomNumber(), pin: drawKey(), secret: drawKey(), media: new Set<Medium>() };
      const opened = await this.#marks.open(mark);
      if (opened.kind !== 'applied') throw new JanusError('misconfigured', opened.detail);
      this.#mark = mark;
    }
    return String(this.#mark.number);
  }

  async inventory(): Promise<ReadonlyMap<number, ReadonlySet<Medium>>> {
    const rooms = new Map<number, Set<Medium>>();
    for (const [medium, plugin] of this.#plugins) {
      for (const number of await plugin.list()) rooms.set(number, (rooms.get(number) ?? new Set()).add(medium));
    }
    return rooms;
  }

  async close(): Promise<void> {
    if (this.#mark !== undefined) await this.#marks.close(this.#mark).catch(readFailure);
    await this.#api.close();
  }
}

function readFailure(error: unknown): Applied {
  const detail = (error as Error).message;
  if (!(error instanceof JanusError)) return { kind: 'unknown', detail };
  if (error.failure === 'misconfigured') return { kind: 'rejected', detail };
  return { kind: error.failure === 'not-sent' ? 'unavailable' : 'unknown', detail };
}
