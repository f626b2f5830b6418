import { isObject, parseJson } from '../../domain/json-gate.ts';
import { type Candidate, type Description, MediaError, type NewSeat, type Present, type SelfDescription } from '../media.ts';
import type { JanusSession, PluginAnswer } from './janus-session.ts';

const PLUGIN = 'janus.plugin.audiobridge';

/** In AudioBridge: one's own voice, and everybody else's in one stream. Who is here, muted and talking is told by its events alone, so that each node sees the same. */
export class AudioSeat {
  readonly #session: JanusSession;
  readonly #seat: NewSeat;
  #handle = 0;

  constructor(session: JanusSession, seat: NewSeat) {
    this.#session = session;
    this.#seat = seat;
  }

  async join(): Promise<Present[]> {
    const { room, id, self, isMuted } = this.#seat;
    this.#handle = await this.#session.attach(PLUGIN, (answer) => this.#hear(answer));
    const { data } = await this.#session.request(this.#handle, {
      request: 'join',
      room: room.number,
      pin: room.pin.reveal(),
      id: Number(id),
      display: writeDisplay(self),
      muted: isMuted,
      codec: 'opus',
    });
    return this.#read(data.participants);
  }

  async talk(offer: Description): Promise<Description> {
    const { jsep } = await this.#session.request(this.#handle, { request: 'configure' }, offer);
    if (jsep === undefined) throw new MediaError('Janus has answered no session description');
    return jsep;
  }

  async mute(isMuted: boolean): Promise<void> {
    await this.#session.request(this.#handle, { request: 'configure', muted: isMuted });
  }

  async describe(self: SelfDescription): Promise<void> {
    await this.#session.request(this.#handle, { request: 'configure', display: writeDisplay(self) });
  }

  candidate(candidate: Candidate): void {
    this.#session.trickle(this.#handle, candidate);
  }

  #hear({ data }: PluginAnswer): void {
    const { events, id: ownId } = this.#seat;
    switch (data.audiobridge) {
      case 'joined':
      case 'event': {
        const present = this.#read(data.participants);
        if (present.length > 0) events.present(present);
        if (typeof data.leaving === 'number') events.left(String(data.leaving));
        if (typeof data.kicked !== 'number') return;
        if (String(data.kicked) === ownId) events.removed('removed');
        else events.left(String(data.kicked));
        return;
      }
      case 'talking':
      case 'stopped-talking':
        events.talking(String(data.id), data.audiobridge === 'talking');
        return;
      case 'destroyed':
        events.removed('room-ended');
        return;
      default:
    }
  }

  #read(participants: unknown): Present[] {
    return Array.isArray(participants) ? participants.filter(isObject).map((one) => readPresent(one as Record<string, unknown>)) : [];
  }
}

/** Told to everybody in the room, on whichever node, by Janus itself. */
function writeDisplay({ name, role, hand, visitor }: SelfDescription): string {
  return JSON.stringify({ web: 1, name, role, hand, visitor });
}

/** Whoever came in by another way has no such text: a telephone. */
function readPresent({ id, display, muted }: Record<string, unknown>): Present {
  const told = readDisplay(display);
  return {
    id: String(id),
    name: typeof told?.name === 'string' ? told.name : '',
    role: told?.role === 'moderator' ? 'moderator' : 'participant',
    hand: told?.hand === true,
    visitor: typeof told?.visitor === 'string' ? told.visitor : '',
    muted: muted === true,
    by: told === undefined ? 'telephone' : 'web',
  };
}

function readDisplay(display: unknown): Record<string, unknown> | undefined {
  if (typeof display !== 'string') return undefined;
  try {
    const told = parseJson(Buffer.from(display));
    return isObject(told) && (told as { web?: unknown }).web === 1 ? told : undefined;
  } catch {
    return undefined;
  }
}
