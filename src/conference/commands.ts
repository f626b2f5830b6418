import type { BrowserFrame } from './frames.ts';
import type { Participation } from './participation.ts';
import type { RoomSignals } from './signals.ts';

type Refusal = 'not_allowed' | 'invalid' | 'unknown_participant' | 'unavailable';

const WORDS: Readonly<Record<Refusal, string>> = {
  not_allowed: 'Only a moderator may do this, while the conference goes on.',
  invalid: 'This is not possible now.',
  unknown_participant: 'This participant is not here any more.',
  unavailable: 'The media server did not do it. Try again.',
};

export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
  readonly code: Refusal;

  constructor(code: Refusal) {
    super(WORDS[code]);
    this.code = code;
  }
}

const OF_MODERATORS: ReadonlySet<BrowserFrame['type']> = new Set(['mute-participant', 'mute-all', 'remove', 'lock', 'end']);

/** What a browser asks for. Throws CommandRefused where that may not be, or cannot be. */
export async function carryOut(participation: Participation, frame: BrowserFrame, signals: RoomSignals): Promise<void> {
  if (frame.type === 'leave') return participation.over('left');
  if (frame.type === 'join') {
    if (!participation.isNew) throw new CommandRefused('invalid');
    return participation.join(frame.name, frame.muted);
  }
  if (!participation.isIn) throw new CommandRefused('invalid');
  if (OF_MODERATORS.has(frame.type)) await requireModerator(participation);
  await carryOutInside(participation, frame, signals);
}

async function carryOutInside(participation: Participation, frame: BrowserFrame, signals: RoomSignals): Promise<void> {
  const { media, entered, line, parts } = participation;
  if (media === undefined || entered === undefined) throw new CommandRefused('invalid');
  const room = entered.room.number;
  switch (frame.type) {
    case 'offer': {
      const offer = { type: 'offer', sdp: frame.sdp } as const;
      const answer = frame.channel === 'audio' ? await media.talk(offer) : await media.publish(offer, frame.tracks);
      line.send({ type: 'answer', channel: frame.channel, sdp: answer.sdp });
      return;
    }
    case 'answer':
      return media.answerWatch({ type: 'answer', sdp: frame.sdp });
    case 'candidate':
      return media.candidate(frame.channel, frame.candidate);
    case 'unpublish':
      return media.unpublish();
    case 'mute':
      participation.isMuted = frame.muted;
      return media.mute(frame.muted);
    case 'hand':
      participation.hand = frame.up;
      return participation.describe();
    case 'chat': {
      if (!entered.room.hasVideo) throw new CommandRefused('invalid');
      const { id, name } = participation;
      return signals.send({ kind: 'chat', room, id, name, text: frame.text, at: parts.desk.now() });
    }
    case 'mute-participant':
      requirePresent(participation, frame.participant);
      return parts.rooms.muteParticipant(room, frame.participant);
    case 'mute-all': {
      const others = [...participation.roster.values()].filter(({ role, muted }) => role !== 'moderator' && !muted);
      await Promise.all(others.map(({ id }) => parts.rooms.muteParticipant(room, id)));
      return;
    }
    case 'remove': {
      const { visitor } = requirePresent(participation, frame.participant);
      // On record first: who is thrown out tries to come back at once.
      if (visitor !== '') await parts.desk.store.engineRooms.removeVisitor({ number: room, visitor });
      return parts.rooms.removeParticipant(room, frame.participant);
    }
    case 'lock':
      await parts.desk.store.engineRooms.lock({ number: room, lockedAt: frame.locked ? parts.desk.now() : undefined });
      return signals.send({ kind: 'lock', room, locked: frame.locked });
    case 'end':
      await signals.send({ kind: 'ended', room });
      return parts.rooms.end(room);
    case 'join':
    case 'leave':
  }
}

/** As the records are now, not as they were when this moderator came in. */
async function requireModerator({ role, entered, parts }: Participation): Promise<void> {
  if (role !== 'moderator' || entered === undefined) throw new CommandRefused('not_allowed');
  const host = await parts.desk.store.admission.findHost(entered.answer.reservationId);
  if (host?.status !== 'active') throw new CommandRefused('not_allowed');
}

function requirePresent({ roster }: Participation, id: string): { visitor: string } {
  const present = roster.get(id);
  if (present === undefined) throw new CommandRefused('unknown_participant');
  return present;
}
