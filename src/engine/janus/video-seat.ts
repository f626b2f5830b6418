import { isObject } from '../../domain/json-gate.ts';
import { type Candidate, type Description, MediaError, type NewSeat, type Track, type TrackKind, type WatchedTrack } from '../media.ts';
import type { JanusSession, PluginAnswer } from './janus-session.ts';

const PLUGIN = 'janus.plugin.videoroom';

interface Stream {
  feed: number;
  mid: string;
}

/** In VideoRoom: what one shows, and in one connection of its own all that others show. */
export class VideoSeat {
  readonly #session: JanusSession;
  readonly #seat: NewSeat;
  #publisher = 0;
  #subscriber: number | undefined;
  /** What others show, by who and which line. */
  readonly #shown = new Map<string, Stream>();
  readonly #watched = new Map<string, Stream>();
  /** Janus takes no change before the browser has answered the last. */
  #isAnswerDue = false;
  #isPublishing = false;
  #changing: Promise<void> = Promise.resolve();

  constructor(session: JanusSession, seat: NewSeat) {
    this.#session = session;
    this.#seat = seat;
  }

  async join(): Promise<void> {
    const { room, id } = this.#seat;
    this.#publisher = await this.#session.attach(PLUGIN, (answer) => this.#hear(answer));
    const { data } = await this.#session.request(this.#publisher, {
      request: 'join',
      ptype: 'publisher',
      room: room.number,
      pin: room.pin.reveal(),
      id: Number(id),
    });
    this.#note(data.publishers);
  }

  async publish(offer: Description, tracks: readonly Track[]): Promise<Description> {
    const descriptions = tracks.map(({ mid, kind }) => ({ mid, description: kind }));
    const request = this.#isPublishing ? 'configure' : 'publish';
    const { jsep } = await this.#session.request(this.#publisher, { request, descriptions }, offer);
    if (jsep === undefined) throw new MediaError('Janus has answered no session description');
    this.#isPublishing = true;
    return jsep;
  }

  async unpublish(): Promise<void> {
    if (!this.#isPublishing) return;
    await this.#session.request(this.#publisher, { request: 'unpublish' });
    this.#isPublishing = false;
  }

  async answerWatch(answer: Description): Promise<void> {
    if (this.#subscriber === undefined || !this.#isAnswerDue) throw new MediaError('there is no offer to answer');
    await this.#session.request(this.#subscriber, { request: 'start' }, answer);
    this.#isAnswerDue = false;
    this.#watchSoon();
  }

  candidate(channel: 'publish' | 'watch', candidate: Candidate): void {
    const handle = channel === 'publish' ? this.#publisher : this.#subscriber;
    if (handle !== undefined) this.#session.trickle(handle, candidate);
  }

  #hear({ data }: PluginAnswer): void {
    if (data.publishers !== undefined) this.#note(data.publishers);
    // "ok" where it is oneself.
    const gone = data.unpublished ?? data.leaving;
    if (typeof gone !== 'number') return;
    for (const [key, { feed }] of this.#shown) if (feed === gone) this.#shown.delete(key);
    this.#watchSoon();
  }

  /** Each publisher that is told of is told of whole. */
  #note(publishers: unknown): void {
    for (const publisher of Array.isArray(publishers) ? publishers.filter(isObject) : []) {
      const { id, streams } = publisher as { id?: unknown; streams?: unknown };
      const feed = Number(id);
      for (const [key, one] of this.#shown) if (one.feed === feed) this.#shown.delete(key);
      for (const stream of Array.isArray(streams) ? streams : []) {
        const { mid, type, disabled } = stream as { mid?: unknown; type?: unknown; disabled?: unknown };
        if (type === 'video' && disabled !== true) this.#shown.set(`${feed}/${String(mid)}`, { feed, mid: String(mid) });
      }
    }
    this.#watchSoon();
  }

  /** One change after the other; what comes meanwhile goes with the next. */
  #watchSoon(): void {
    this.#changing = this.#changing.then(() => this.#watch()).catch(() => {});
  }

  async #watch(): Promise<void> {
    if (this.#isAnswerDue) return;
    const added = [...this.#shown].filter(([key]) => !this.#watched.has(key)).map(([, stream]) => stream);
    const gone = [...this.#watched].filter(([key]) => !this.#shown.has(key)).map(([, stream]) => stream);
    if (added.length === 0 && gone.length === 0) return;
    const next = new Map(this.#shown);
    const answer = await (this.#subscriber === undefined ? this.#begin(added) : this.#change(this.#subscriber, added, gone));
    this.#watched.clear();
    for (const [key, stream] of next) this.#watched.set(key, stream);
    if (answer.jsep === undefined) return;
    this.#isAnswerDue = true;
    this.#seat.events.watch(answer.jsep, readWatched(answer.data.streams));
  }

  async #begin(streams: readonly Stream[]): Promise<PluginAnswer> {
    const { room } = this.#seat;
    const handle = await this.#session.attach(PLUGIN, () => {});
    const asked = { request: 'join', ptype: 'subscriber', room: room.number, pin: room.pin.reveal(), streams, use_msid: true };
    const answer = await this.#session.request(handle, asked);
    this.#subscriber = handle;
    return answer;
  }

  #change(handle: number, subscribe: readonly Stream[], unsubscribe: readonly Stream[]): Promise<PluginAnswer> {
    return this.#session.request(handle, {
      request: 'update',
      ...(subscribe.length > 0 && { subscribe }),
      ...(unsubscribe.length > 0 && { unsubscribe }),
    });
  }
}

function readWatched(streams: unknown): WatchedTrack[] {
  return (Array.isArray(streams) ? streams : []).flatMap((stream: Record<string, unknown>) =>
    stream.active === true && typeof stream.feed_id === 'number'
      ? [{ mid: String(stream.mid), participant: String(stream.feed_id), kind: kindOf(stream.feed_description) }]
      : [],
  );
}

function kindOf(description: unknown): TrackKind {
  return description === 'screen' ? 'screen' : 'camera';
}
