import type { Secret } from '../../domain/secret.ts';
import type { Applied, RoomSpec } from '../engine.ts';
import type { AdminApi } from './admin-api.ts';

/** What AudioBridge and VideoRoom say each in its own way. */
interface PluginWords {
  plugin: string;
  /** The key that holds what happened. */
  key: 'audiobridge' | 'videoroom';
  noSuchRoom: number;
  noSuchUser: number;
  exists: number;
  unauthorized: number;
  missing: number;
  options: Readonly<Record<string, unknown>>;
}

export const AUDIO_BRIDGE: PluginWords = {
  plugin: 'janus.plugin.audiobridge',
  key: 'audiobridge',
  noSuchRoom: 485,
  noSuchUser: 492,
  exists: 486,
  unauthorized: 489,
  missing: 483,
  options: { sampling_rate: 16_000, allow_rtp_participants: true, audiolevel_event: true },
};

export const VIDEO_ROOM: PluginWords = {
  plugin: 'janus.plugin.videoroom',
  key: 'videoroom',
  noSuchRoom: 426,
  noSuchUser: 428,
  exists: 427,
  unauthorized: 433,
  missing: 429,
  options: { publishers: 16, notify_joining: true },
};

const APPLIED: Applied = { kind: 'applied' };

/**
 * The rooms of one plugin. They are never permanent: an engine's file keeps the old PIN through an edit, the room through a destroy, and forgets who is
 * allowed (each shown in test/janus/traps.test.ts). Ours vanish with the engine, which then lets nobody in until it is told again.
 */
export class RoomPlugin {
  readonly #api: AdminApi;
  readonly #words: PluginWords;
  readonly #adminKey: Secret;

  constructor(api: AdminApi, words: PluginWords, adminKey: Secret) {
    this.#api = api;
    this.#words = words;
    this.#adminKey = adminKey;
  }

  async open({ number, pin, secret }: RoomSpec): Promise<Applied> {
    const { exists, options } = this.#words;
    const keys = { pin: pin.reveal(), secret: secret.reveal() };
    const created = await this.#ask({
      request: 'create',
      room: number,
      is_private: true,
      admin_key: this.#adminKey.reveal(),
      ...keys,
      ...options,
    });
    if (created.done === 'created') return APPLIED;
    if (created.code !== exists) return this.#explain(created.code);
    // Who answers to this secret is the room that we made; then its PIN is as it should be.
    const edited = await this.#ask({ request: 'edit', room: number, secret: keys.secret, new_pin: keys.pin, new_is_private: true });
    return edited.done === 'edited' ? APPLIED : this.#explain(edited.code);
  }

  /** Everybody who is in is thrown out with it. */
  async close({ number, secret }: RoomSpec): Promise<Applied> {
    const { done, code } = await this.#ask({ request: 'destroy', room: number, secret: secret.reveal() });
    return done === 'destroyed' || code === this.#words.noSuchRoom ? APPLIED : this.#explain(code);
  }

  async mute({ number, secret }: RoomSpec, id: string): Promise<void> {
    await this.#command({ request: 'mute', room: number, secret: secret.reveal(), id: Number(id) });
  }

  async kick({ number, secret }: RoomSpec, id: string): Promise<void> {
    await this.#command({ request: 'kick', room: number, secret: secret.reveal(), id: Number(id) });
  }

  async participants({ number }: RoomSpec): Promise<ReadonlySet<string>> {
    const { plugin, noSuchRoom } = this.#words;
    const { participants, error_code: code } = await this.#api.askPlugin(plugin, { request: 'listparticipants', room: number });
    if (code === noSuchRoom) return new Set();
    if (!Array.isArray(participants)) throw new Error(`${plugin} does not tell who is in a room`);
    return new Set(participants.map(({ id }: { id: unknown }) => String(id)));
  }

  async has(number: number): Promise<boolean> {
    const { plugin, key } = this.#words;
    const { [key]: done, exists } = await this.#api.askPlugin(plugin, { request: 'exists', room: number });
    if (done !== 'success') throw new Error(`${plugin} does not tell whether it has a room`);
    return exists === true;
  }

  async list(): Promise<number[]> {
    const { plugin, key } = this.#words;
    const { [key]: done, list } = await this.#api.askPlugin(plugin, { request: 'list', admin_key: this.#adminKey.reveal() });
    if (done !== 'success' || !Array.isArray(list)) throw new Error(`${plugin} does not tell which rooms it has`);
    return list.map(({ room }: { room: unknown }) => Number(room));
  }

  async #command(request: object): Promise<void> {
    const { code } = await this.#ask(request);
    const { noSuchRoom, noSuchUser } = this.#words;
    if (code !== undefined && code !== noSuchRoom && code !== noSuchUser) throw new Error(`${this.#words.plugin} refuses (${code})`);
  }

  async #ask(request: object): Promise<{ done: unknown; code: number | undefined }> {
    const { plugin, key } = this.#words;
    const { [key]: done, error_code: code } = await this.#api.askPlugin(plugin, request);
    return { done, code: typeof code === 'number' ? code : undefined };
  }

  #explain(code: number | undefined): Applied {
    const { plugin, noSuchRoom, unauthorized, missing } = this.#words;
    if (code === unauthorized) return { kind: 'rejected', detail: `${plugin} does not accept the room's secret or the admin key` };
    if (code === missing) return { kind: 'rejected', detail: `${plugin} wants a key that it was not given` };
    if (code === noSuchRoom || code === undefined) return { kind: 'unknown', detail: `${plugin} has lost the room meanwhile` };
    return { kind: 'rejected', detail: `${plugin} refuses (${code})` };
  }
}
