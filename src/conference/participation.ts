import { setTimeout as delay } from 'node:timers/promises';
import type { Bridge } from '../domain/bridge.ts';
import { iceServersFor } from '../domain/ice.ts';
import { type MediaError, type MediaSeat, type Present, type SeatEvents } from '../engine/media.ts';
import { reportLeg } from '../operations/admission/report-leg.ts';
import { callIdOf, participantIdOf, type Seat } from '../operations/hub/seat.ts';
import { type Entered, isModeratorIn, tryEntry } from './entry.ts';
import { CLOSE_LOST, CLOSE_OVER, type ConferenceParts, type Line, type OverReason } from './parts.ts';

const LOOK_AGAIN_MS = 1_000;
/** Who waits is admitted anew now and then, since a place is not kept for ever. */
const LOOKS = 30;

/** One browser's connection to a conference, from its first frame to its end. What it may do is in commands.ts. */
export class Participation {
  readonly id: string;
  readonly seat: Seat;
  readonly parts: ConferenceParts;
  readonly line: Line;
  readonly roster = new Map<string, Present>();
  readonly #bridge: Bridge;
  readonly #caller: string;
  entered: Entered | undefined;
  media: MediaSeat | undefined;
  name = '';
  hand = false;
  isMuted = false;
  isEndedByModerator = false;
  #state: 'new' | 'coming' | 'in' | 'gone' = 'new';
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ConferenceParts, line: Line, { seat, bridge, caller }: { seat: Seat; bridge: Bridge; caller: string }) {
    this.parts = parts;
    this.line = line;
    this.seat = seat;
    this.id = participantIdOf(seat.seatId);
    this.#bridge = bridge;
    this.#caller = caller;
  }

  get isNew(): boolean {
    return this.#state === 'new';
  }

  get isIn(): boolean {
    return this.#state === 'in';
  }

  get isGone(): boolean {
    return this.#state === 'gone';
  }

  get role(): 'moderator' | 'participant' {
    return this.entered?.answer.role === 'moderator' ? 'moderator' : 'participant';
  }

  /** Comes in as soon as that is possible. */
  async join(name: string, isMuted: boolean): Promise<void> {
    this.#state = 'coming';
    this.name = name;
    this.isMuted = isMuted;
    let told = '';
    const wait = (what: 'moderator' | 'engine'): void => {
      if (told !== what) this.line.send({ type: 'waiting', for: what });
      told = what;
    };
    while (!this.isGone) {
      const entry = await tryEntry(this.parts, { seat: this.seat, bridge: this.#bridge, caller: this.#caller });
      if (this.isGone) return;
      if (entry.kind === 'over') return this.over(entry.reason);
      if (entry.kind === 'wait') wait('engine');
      else if (entry.answer.limits.waitForModerator && !(await isModeratorIn(this.parts, entry))) {
        wait('moderator');
        if (!(await this.#waitForModerator(entry))) continue;
      }
      if (entry.kind === 'entered' && (await this.#enter(entry))) return;
      if (!this.isGone) wait('engine');
      await delay(LOOK_AGAIN_MS, undefined, { ref: false });
    }
  }

  /** Out, and not to come back by itself. */
  over(reason: OverReason): void {
    this.line.send({ type: 'over', reason });
    this.line.close(CLOSE_OVER, reason);
    this.leave();
  }

  /** The connection has ended, by whomever. A repeat changes nothing. */
  leave(): void {
    const wasIn = this.#state === 'in' || this.#state === 'coming';
    this.#state = 'gone';
    clearTimeout(this.#timer);
    this.media?.close();
    if (wasIn && this.entered !== undefined) this.#report('left');
  }

  async describe(): Promise<void> {
    await this.media?.describe({ name: this.name, role: this.role, hand: this.hand, visitor: this.seat.visitor });
  }

  /** False where no moderator has come for a while. */
  async #waitForModerator(entry: Entered): Promise<boolean> {
    for (let look = 0; look < LOOKS && !this.isGone; look++) {
      await delay(LOOK_AGAIN_MS, undefined, { ref: false });
      if (await isModeratorIn(this.parts, entry)) return true;
    }
    return false;
  }

  /** False where the engine could not take this participant: it is tried again. */
  async #enter(entry: Entered): Promise<boolean> {
    const { room, answer } = entry;
    this.entered = entry;
    const self = { name: this.name, role: this.role, hand: this.hand, visitor: this.seat.visitor };
    const { media: engine, rooms, ice, desk } = this.parts;
    let media: MediaSeat | undefined;
    try {
      media = await engine.openSeat({ room, id: this.id, self, isMuted: this.isMuted, events: this.#events() });
      const present = await media.join();
      if (this.isGone) {
        media.close();
        return true;
      }
      for (const one of present) this.roster.set(one.id, one);
    } catch (error) {
      media?.close();
      // The connection of before has not ended at the engine yet.
      if ((error as MediaError).isTaken) await rooms.removeParticipant(room.number, this.id).catch(() => {});
      this.parts.log.info({ err: error }, 'somebody could not come into a conference yet');
      return false;
    }
    this.media = media;
    this.#state = 'in';
    this.#report('joined');
    this.line.send({
      type: 'joined',
      participant: this.id,
      role: this.role,
      media: room.hasVideo ? ['audio', 'video'] : ['audio'],
      locked: entry.isLocked,
      iceServers: iceServersFor(ice, { id: this.id, now: desk.now() }),
      participants: [...this.roster.values()].map(tell),
    });
    const { maxDurationSeconds } = answer.limits;
    if (maxDurationSeconds !== undefined)
      this.#timer = setTimeout(() => this.over('time'), Math.max(0, this.seat.takenAt + maxDurationSeconds * 1000 - desk.now())).unref();
    return true;
  }

  #events(): SeatEvents {
    return {
      present: (participants) => {
        for (const one of participants) this.#note(one);
      },
      left: (id) => {
        if (this.roster.delete(id)) this.line.send({ type: 'left', id });
      },
      talking: (id, isTalking) => this.line.send({ type: 'talking', id, talking: isTalking }),
      watch: ({ sdp }, tracks) => this.line.send({ type: 'offer', channel: 'watch', sdp, tracks }),
      removed: (why) => {
        if (this.isGone) return;
        if (why === 'removed') this.over('removed');
        else this.over(this.isEndedByModerator ? 'ended' : 'deactivated');
      },
      lost: () => {
        if (!this.isIn) return;
        this.line.close(CLOSE_LOST, 'the media server was lost');
        this.leave();
      },
    };
  }

  #note(one: Present): void {
    if (one.id !== this.id) {
      this.roster.set(one.id, one);
      this.line.send({ type: 'participant', ...tell(one) });
      return;
    }
    // Not by this browser's own wish: a moderator has.
    if (one.muted && !this.isMuted) this.line.send({ type: 'muted', by: 'moderator' });
    this.isMuted = one.muted;
  }

  #report(kind: 'joined' | 'left'): void {
    const { desk, log } = this.parts;
    const conference = this.entered?.answer.conference ?? '';
    const report = { kind, conference, callId: callIdOf(this.seat.seatId), at: desk.now() };
    reportLeg(desk, this.#bridge, report).catch((error: unknown) => log.warn({ err: error }, 'a leg in a browser is not on record yet'));
  }
}

/** Not the visitor, which is for the nodes alone. */
function tell({ id, name, role, muted, hand, by }: Present): object {
  return { id, name, role, muted, hand, by };
}
